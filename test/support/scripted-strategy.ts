/** A strategy that follows a script: what to enter when, with which guards, and what to do when a leg is stopped. */
import type {
  EntryPlan,
  GuardSpec,
  IstTime,
  LegView,
  OptionContract,
  Right,
  Side,
  StrategyContext,
  StrategyDefinition,
  StructureView,
  Terms,
  Underlying,
} from '../../engine/strategy.ts';
import { atTheMoney, defineStrategy, lots, minutesOf, paise, tickNearest } from '../../engine/strategy.ts';

export interface ScriptLeg {
  /** Strikes above the money. */
  readonly offset: number;
  readonly right: Right;
  readonly side: Side;
  readonly lots: number;
  /** A limit or a stop-limit stands this many per cent above the present price; a market order where absent. */
  readonly limitPct?: number;
  readonly triggerPct?: number;
}

export interface ScriptEntry {
  readonly legs: readonly ScriptLeg[];
  readonly guards: readonly GuardSpec[];
  readonly squareOffAt?: IstTime;
  /** Minutes after which the strategy closes the structure itself. */
  readonly exitAfter?: number;
  /** Every so many minutes lots are added to the first leg that is open; refusals are part of it. */
  readonly addEvery?: number;
  readonly addLots?: number;
  /** Times that a stopped leg is entered again, waiting for its old price. */
  readonly reentries: number;
  /** What the others' first leg guard does when a leg is stopped. */
  readonly onStop?: 'others-to-cost' | 'exit-all';
}

export interface Script {
  readonly name: string;
  readonly entries: readonly ScriptEntry[];
  /** The entries are taken in turn every so many minutes from 09:16 on. */
  readonly every: number;
  readonly until: IstTime;
  readonly openMax: number;
  /** Every so many minutes it writes down everything it can read; never where absent. */
  readonly notesEvery?: number;
}

export function scripted(script: Script): StrategyDefinition<unknown> {
  return defineStrategy<unknown>({
    name: script.name,
    version: 1,
    description: 'Follows a script of a test.',
    segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
    params: { parse: (value: unknown) => value },
    universe: (_params: unknown, segment: Underlying) => ({
      underlying: segment,
      expiries: ['nearest'],
      strikesAround: 10,
      recentreSteps: 3,
      series: [{ span: 300_000, warmUp: 0 }],
    }),
    create: () => handlersOf(script),
  });
}

function handlersOf(script: Script): ReturnType<StrategyDefinition<unknown>['create']> {
  let taken = 0;
  const entryOf = ({ name }: StructureView) => script.entries[Number(name.split(' ')[1])];
  return {
    onMinute(ctx) {
      const minute = minutesOf(ctx.time);
      if (script.notesEvery !== undefined && minute % script.notesEvery === 0) ctx.note(everything(ctx));
      for (const structure of ctx.structures) {
        const after = entryOf(structure)?.exitAfter;
        if (after !== undefined && ctx.now - structure.openedAt >= after * 60_000) ctx.exit(structure, 'MANUAL');
        addTo(ctx, structure, entryOf(structure));
      }
      if (minute % script.every !== 0 || minute > minutesOf(script.until)) return;
      if (ctx.structures.length >= script.openMax) return ctx.skip('entry', 'enough is open', { minute });
      const index = taken % script.entries.length;
      const plan = isLate(script.entries[index], minute) ? undefined : planOf(ctx, script, index);
      taken += 1;
      if (plan === undefined) ctx.skip(`entry ${index}`, 'too late, or a leg has no fresh price', { minute });
      else ctx.enter(plan);
    },
    onLegClosed(ctx, leg, structure, reason) {
      const entry = entryOf(structure);
      if (entry === undefined || (reason !== 'SL' && reason !== 'STOP' && reason !== 'TSL')) return;
      if (entry.onStop === 'exit-all') ctx.exit(structure, 'UNWIND');
      if (entry.onStop === 'others-to-cost') stopsToCost(ctx, entry, structure, leg);
      if (leg.reentry < entry.reentries) ctx.enter(reentryOf(entry, structure, leg));
    },
  };
}

/** Nothing is entered shortly before its own square-off. */
function isLate(entry: ScriptEntry | undefined, minute: number): boolean {
  return entry?.squareOffAt !== undefined && minute >= minutesOf(entry.squareOffAt) - 2;
}

function planOf(ctx: StrategyContext, script: Script, index: number): EntryPlan | undefined {
  const entry = script.entries[index];
  const expiry = ctx.expiry('nearest');
  if (entry === undefined || expiry === undefined || ctx.spot === undefined) return undefined;
  const money = atTheMoney(ctx.spot, ctx.strikeStep);
  const legs: EntryPlan['legs'][number][] = [];
  for (const [place, leg] of entry.legs.entries()) {
    const contract = ctx.contract(expiry, paise(money + leg.offset * ctx.strikeStep), leg.right);
    const price = contract === undefined ? undefined : ctx.price(contract);
    if (contract === undefined || price === undefined || !ctx.isFresh(contract)) return undefined;
    const terms = termsOf(leg, price);
    const common = { tag: `L${place}`, contract, side: leg.side, lots: lots(leg.lots) };
    legs.push(terms === undefined ? common : { ...common, terms });
  }
  return {
    signal: `entry ${index}`,
    seen: { spot: ctx.spot, rung: ctx.rung },
    legs,
    guards: entry.guards,
    ...(entry.squareOffAt === undefined ? {} : { squareOffAt: entry.squareOffAt }),
  };
}

function termsOf({ side, limitPct, triggerPct }: ScriptLeg, price: number): Terms | undefined {
  const at = (pct: number) => paise(Math.max(5, tickNearest(price * (1 + pct / 100))));
  if (limitPct !== undefined) return { kind: 'LIMIT', price: at(limitPct) };
  if (triggerPct === undefined) return undefined;
  const trigger = at(triggerPct);
  const room = side === 'BUY' ? 300 : -300;
  return { kind: 'STOP_LIMIT', trigger, price: paise(Math.max(5, trigger + room)) };
}

function addTo(ctx: StrategyContext, structure: StructureView, entry: ScriptEntry | undefined): void {
  const age = Math.floor((ctx.now - structure.openedAt) / 60_000);
  const leg = structure.legs.find(({ openLots }) => openLots > 0) ?? structure.legs[0];
  if (entry?.addEvery === undefined || leg === undefined || age === 0 || age % entry.addEvery !== 0) return;
  ctx.add({ signal: 'addition', seen: { age }, structure, leg: leg.tag, lots: lots(entry.addLots ?? 1) });
}

function stopsToCost(ctx: StrategyContext, entry: ScriptEntry, structure: StructureView, stopped: LegView): void {
  const guard = entry.guards.find(({ basis, act }) => basis === 'leg' && act === 'stop');
  if (guard === undefined) return;
  for (const leg of structure.legs) {
    if (leg === stopped || leg.done || leg.openLots === 0) continue;
    ctx.moveGuard(structure, guard.name, leg.tag, costOf(leg));
  }
}

function reentryOf(entry: ScriptEntry, structure: StructureView, leg: LegView): EntryPlan {
  const cost = costOf(leg);
  const room = leg.side === 'BUY' ? 300 : -300;
  return {
    signal: structure.name,
    seen: { cost, reentry: leg.reentry + 1 },
    legs: [
      {
        tag: leg.tag,
        contract: leg.instrument as OptionContract,
        side: leg.side,
        lots: lots(leg.lotsPlanned),
        terms: { kind: 'STOP_LIMIT', trigger: cost, price: paise(Math.max(5, cost + room)) },
      },
    ],
    guards: entry.guards.filter((guard) => guard.basis !== 'leg' || (guard.leg ?? leg.tag) === leg.tag),
    ...(entry.squareOffAt === undefined ? {} : { squareOffAt: entry.squareOffAt }),
    reentry: leg.reentry + 1,
  };
}

function costOf(leg: LegView): ReturnType<typeof tickNearest> {
  return tickNearest(leg.entryTurnover / (leg.entryLots * leg.lotSize));
}

/** All that a strategy may read, as one text. */
function everything(ctx: StrategyContext): string {
  const expiry = ctx.expiry('nearest');
  const parts: (string | number | undefined)[] = [ctx.time, ctx.spot, ctx.rung];
  if (expiry === undefined || ctx.spot === undefined) return parts.join(' ');
  const money = atTheMoney(ctx.spot, ctx.strikeStep);
  for (let away = -3; away <= 3; away += 1) {
    for (const right of ['CE', 'PE'] as const) {
      const contract = ctx.contract(expiry, paise(money + away * ctx.strikeStep), right);
      if (contract === undefined) continue;
      const candles = ctx.candlesToday(contract);
      const sum = candles.reduce((total, { open, high, low, close }) => total + open + high + low + close, 0);
      parts.push(`${ctx.price(contract)}/${candles.length}/${sum}`);
    }
  }
  const series = ctx.series(300_000);
  parts.push(series.length, series.at(-1)?.close, ctx.structures.map(({ gross }) => gross).join('+'));
  return parts.join(' ');
}
