import { broken } from '../assert.ts';
import type { Instrument, Underlying } from '../model/instrument.ts';
import { instrumentKey } from '../model/instrument.ts';
import type { Levies } from '../model/levies.ts';
import { NO_LEVIES, plusLevies, sumOfLevies } from '../model/levies.ts';
import type { AgentId, ExitReason, OrderId, StructureId } from '../model/order.ts';
import type { EpochMs } from '../model/time.ts';
import type { Paise, Side } from '../model/units.ts';
import { signOf } from '../model/units.ts';

/** What is being done to bring a leg to zero. */
export interface Exiting {
  readonly reason: ExitReason;
  readonly since: EpochMs;
  /** A guard of this leg alone closes it, whatever its structure does: it waits for no other. */
  readonly alone: boolean;
  attempt: number;
}

/** One leg of a structure, from its first order to its last fill. Money in whole paise, quantities in units. */
export class Leg {
  readonly structure: Structure;
  readonly tag: string;
  readonly instrument: Instrument;
  /** The instrument's canonical text, as records write it. */
  readonly contract: string;
  readonly side: Side;
  /** +1 for a bought leg, -1 for a sold one. */
  readonly sign: 1 | -1;
  readonly lotSize: number;
  /** Lots of its entry, less what its entry ended without; whatever is filled beyond them was added later. */
  lotsPlanned: number;
  /** How often this contract was entered again within its structure's family; 0 for the first time. */
  readonly reentry: number;
  /** Today's slot; -1 where today's data do not hold the contract. */
  slot: number;
  /** Orders that open the leg and may still fill. */
  readonly entries: OrderId[] = [];
  /** The orders that protect it, and later close it. */
  readonly exits: OrderId[] = [];
  entryLots = 0;
  exitLots = 0;
  entryTurnover = 0;
  /** Turnover of the lots that it was opened with, before any addition. */
  openingTurnover = 0;
  exitTurnover = 0;
  charges: Levies = NO_LEVIES;
  openedAt: EpochMs | undefined;
  closedAt: EpochMs | undefined;
  entrySpot: number | undefined;
  exitSpot: number | undefined;
  ivEntry: number | undefined;
  initialStop: number | undefined;
  finalStop: number | undefined;
  target: number | undefined;
  /** Trigger of its resting stop as its entry set it, paise; additions leave it where it is. */
  restingTrigger: Paise | undefined;
  /** Reason of the guard or command that closes it. */
  exiting: Exiting | undefined;
  ambiguous = false;
  mark = 0;
  mfe = 0;
  mae = 0;
  mfeAt: EpochMs | undefined;
  maeAt: EpochMs | undefined;
  /** Since when a short leg has lots that no order at the venue would close, and how long that was in all. */
  nakedSince: EpochMs | undefined;
  nakedMs = 0;
  /** Since when it has lots without the bought ones that its structure planned for them, and how long that was in all. */
  unhedgedSince: EpochMs | undefined;
  unhedgedMs = 0;
  /** When its resting stop was last asked to move, and when it will be looked at again. */
  stopMovedAt: EpochMs | undefined;
  stopDueAt: EpochMs | undefined;
  /** Refusals of its resting stop, one after the other. */
  stopRefusals = 0;
  /** Set once the leg was counted as closed. */
  done = false;

  constructor(parts: {
    readonly structure: Structure;
    readonly tag: string;
    readonly instrument: Instrument;
    readonly side: Side;
    readonly lotSize: number;
    readonly lotsPlanned: number;
    readonly reentry: number;
    readonly slot: number;
  }) {
    this.structure = parts.structure;
    this.tag = parts.tag;
    this.instrument = parts.instrument;
    this.contract = instrumentKey(parts.instrument);
    this.side = parts.side;
    this.sign = signOf(parts.side);
    this.lotSize = parts.lotSize;
    this.lotsPlanned = parts.lotsPlanned;
    this.reentry = parts.reentry;
    this.slot = parts.slot;
  }

  get openLots(): number {
    return this.entryLots - this.exitLots;
  }

  /** Signed units held now. */
  get position(): number {
    return this.sign * (this.entryLots - this.exitLots) * this.lotSize;
  }

  /** Money received less money paid so far. */
  get cash(): number {
    // Nothing plus a negative nothing is nothing: money of a leg that broke even has no sign.
    return 0 + this.sign * (this.exitTurnover - this.entryTurnover);
  }

  /** Gross profit at the present mark. */
  get value(): number {
    return this.cash + this.position * this.mark;
  }

  /** Average price of its entries in paise, possibly between two; only once something was filled. */
  get entryPrice(): number {
    if (this.entryLots <= 0) broken(`leg ${this.tag} has no entry yet`);
    return this.entryTurnover / (this.entryLots * this.lotSize);
  }

  /** Whether all lots of its entry were filled, so that more of them can only be an addition. */
  get isWhole(): boolean {
    return this.entryLots >= this.lotsPlanned;
  }

  /** Whether lots were added to it after its entry. */
  get isGrown(): boolean {
    return this.entryLots > this.lotsPlanned;
  }

  get isOpen(): boolean {
    return this.openLots > 0;
  }

  takeFill(parts: {
    readonly opens: boolean;
    readonly lots: number;
    readonly price: number;
    readonly charges: Levies;
  }): void {
    const turnover = parts.price * parts.lots * this.lotSize;
    if (parts.opens) {
      if (!this.isWhole) this.openingTurnover += turnover;
      this.entryLots += parts.lots;
      this.entryTurnover += turnover;
    } else {
      this.exitLots += parts.lots;
      this.exitTurnover += turnover;
      if (this.openLots < 0) broken(`leg ${this.tag} was closed by ${-this.openLots} lots too many`);
    }
    this.charges = plusLevies(this.charges, parts.charges);
  }

  /** Takes a new mark and remembers the best and the worst that the leg has stood at. */
  markAt(price: number, ts: EpochMs): void {
    this.mark = price;
    const value = this.value;
    if (value > this.mfe) {
      this.mfe = value;
      this.mfeAt = ts;
    }
    if (value < this.mae) {
      this.mae = value;
      this.maeAt = ts;
    }
  }
}

/** What a strategy entered as one thing. */
export class Structure {
  readonly id: StructureId;
  readonly agent: AgentId;
  readonly name: string;
  readonly underlying: Underlying;
  /** Place of its agent in which its entry rests until it fills; undefined where it was to fill at once. */
  readonly place: string | undefined;
  /** When it was entered; of a resting entry its first fill, once there is one. */
  openedAt: EpochMs;
  entrySpot: number | undefined;
  /** What it plans to lose, with what its additions planned. */
  plannedLoss: number | undefined;
  /** What its strategy calls one R, paise; undefined where the first stops say it. */
  risk: number | undefined;
  /** Least distance of the wide resting stops, per cent of premium; undefined where the desk's holds. */
  readonly restingStopPct: number | undefined;
  /** Calendar days to the nearest expiry among its legs. */
  readonly dte: number | undefined;
  /** Instant of its time exit. */
  readonly squareOffAt: EpochMs | undefined;
  readonly legs: Leg[] = [];
  mfe = 0;
  mae = 0;
  /** What it had made when the day began; nothing where it was opened today. */
  grossAtOpen = 0;
  closed = false;
  /** Whether lots stand that filled before the rest of their entry was called off; otherwise they are unwound. */
  keepsPart = false;

  constructor(parts: {
    readonly id: StructureId;
    readonly agent: AgentId;
    readonly name: string;
    readonly underlying: Underlying;
    readonly place?: string | undefined;
    readonly openedAt: EpochMs;
    readonly entrySpot: number | undefined;
    readonly plannedLoss: number | undefined;
    readonly risk?: number | undefined;
    readonly restingStopPct?: number | undefined;
    readonly dte: number | undefined;
    readonly squareOffAt: EpochMs | undefined;
  }) {
    this.id = parts.id;
    this.agent = parts.agent;
    this.name = parts.name;
    this.underlying = parts.underlying;
    this.place = parts.place;
    this.openedAt = parts.openedAt;
    this.entrySpot = parts.entrySpot;
    this.plannedLoss = parts.plannedLoss;
    this.risk = parts.risk;
    this.restingStopPct = parts.restingStopPct;
    this.dte = parts.dte;
    this.squareOffAt = parts.squareOffAt;
  }

  get gross(): number {
    let sum = 0;
    for (const leg of this.legs) sum += leg.value;
    return sum;
  }

  get grossToday(): number {
    return this.gross - this.grossAtOpen;
  }

  get charges(): Levies {
    return sumOfLevies(this.legs.map((leg) => leg.charges));
  }

  /** Whether its entry rests and nothing of it has filled. */
  get isPending(): boolean {
    if (this.place === undefined) return false;
    for (const { entryLots } of this.legs) if (entryLots > 0) return false;
    return true;
  }

  legOf(tag: string): Leg | undefined {
    for (const leg of this.legs) if (leg.tag === tag) return leg;
    return undefined;
  }

  markNow(): void {
    const gross = this.gross;
    if (gross > this.mfe) this.mfe = gross;
    if (gross < this.mae) this.mae = gross;
  }
}
