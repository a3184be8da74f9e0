/** The page's own script: everything here is comfort over what the page already shows. */
import type { PagePayload } from '../payload.ts';
import { tradeLines } from '../trade-lines.ts';
import { readCurve } from './curve-reading.ts';
import { element } from './elements.ts';
import { setSwitches } from './switches.ts';
import { runTradeList } from './trade-list.ts';
import { TradeWindow } from './trade-window.ts';

const payload = JSON.parse(element('payload').textContent ?? '') as PagePayload;
const lines = tradeLines(payload.trades);

setSwitches();
readCurve(payload.curve);
const tradeWindow = new TradeWindow(payload, lines);
runTradeList(lines, (id, order) => tradeWindow.open(id, order));
