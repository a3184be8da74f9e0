import type { QuoteTape } from '../../datasets/spreads/quote-tape.ts';
import type { OptionContract } from '../../engine/model/instrument.ts';
import { instrumentKey, instrumentOfKey } from '../../engine/model/instrument.ts';
import { at, day, istTime } from '../../engine/model/time.ts';

/** `09:20:05  24500 CE  100.00 100.20`: clock, contract of 2025-09-02, bid and ask in rupees; a sixth word is the level. */
export function quoteTape(text: string, on = '2025-08-29', expiry = '2025-09-02'): QuoteTape {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => {
      const [clock = '', strike = '', right = '', bid, ask, level] = line.trim().split(/\s+/);
      const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
      const contract = instrumentOfKey(`NIFTY ${expiry} ${strike} ${right}`) as OptionContract;
      const ms = Math.round(((hours * 60 + minutes) * 60 + seconds) * 1_000);
      return { contract, ms, bid: paise(bid), ask: paise(ask), level: paise(level ?? '0') };
    });
  const byKey = new Map(rows.map(({ contract }) => [instrumentKey(contract), contract]));
  const keys = [...byKey.keys()].sort();
  const placed = rows
    .map((row) => ({ ...row, place: keys.indexOf(instrumentKey(row.contract)) }))
    .sort((a, b) => a.place - b.place || a.ms - b.ms);
  const column = (of: (row: (typeof placed)[number]) => number): Int32Array => Int32Array.from(placed, of);
  const of = day(on);
  return {
    underlying: 'NIFTY',
    day: of,
    windows: [{ open: at(of, istTime('09:15')), close: at(of, istTime('15:30')) }],
    contracts: [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, contract]) => contract),
    sources: ['hand-made quotes'],
    contract: column(({ place }) => place),
    source: column(() => 0),
    ms: column(({ ms }) => ms),
    bid: column(({ bid }) => bid),
    ask: column(({ ask }) => ask),
    level: column(({ level }) => level),
  };
}

function paise(rupees: string | undefined): number {
  return Math.round(Number(rupees) * 100);
}
