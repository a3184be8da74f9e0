import { broken, invariant } from '../assert.ts';
import type { DatedFact } from '../model/in-force.ts';
import { InForce } from '../model/in-force.ts';
import type { Exchange, Underlying } from '../model/instrument.ts';
import type {
  ExchangeFee,
  ExerciseTax,
  FinePaise,
  GoodsAndServicesTax,
  Levies,
  LevyName,
  LevyTables,
  NoteLevies,
  PerCrore,
  StampDuty,
} from '../model/levies.ts';
import { FINE_PER_PAISA, finePaise, LEVY_NAMES, levies, NO_LEVIES, paiseOfFine } from '../model/levies.ts';
import type { Day } from '../model/time.ts';
import type { Paise, Side } from '../model/units.ts';
import { paise } from '../model/units.ts';

/** An order, or the executed part of one: turnover is the sum of price times quantity over its fills. */
export interface ChargedOrder {
  readonly day: Day;
  readonly exchange: Exchange;
  readonly underlying: Underlying;
  readonly side: Side;
  readonly turnover: Paise;
  /** Whether the contract is of its index's nearest expiry; only the fee of BSE asks, from November 2023 to May 2024. */
  readonly expiry?: 'nearest' | 'later';
}

/** The same with the lots of those fills, which only a flat charge asks for. */
export interface ExecutedOrder extends ChargedOrder {
  readonly lots: number;
}

/** A position that settles at expiry. */
export interface ChargedExercise {
  readonly day: Day;
  readonly position: 'long' | 'short';
  /** Intrinsic value times quantity; nothing is charged when it is zero. */
  readonly intrinsic: Paise;
  /** Settlement price of the underlying times quantity: the base of the tax until August 2019. */
  readonly contractValue: Paise;
  /** Orders of freeze size that the position would have taken. */
  readonly slices: number;
}

/** What the engine asks of whoever knows the charges. */
export interface Charging {
  ofOrder(order: ExecutedOrder): Levies;
  ofExercise(exercise: ChargedExercise): Levies;
}

/**
 * What orders cost at Zerodha, by date and exchange. The model assumes: flat brokerage for each executed order whatever its number of
 * fills; one rate for every client, although exchanges had slabs for members before October 2024 and BSE's client rate from May 2023
 * to May 2024 is not known; before July 2020 one state's stamp duty on both sides; each levy of an order rounded half up to 1/10,000
 * paisa and GST taken from the rounded levies; the day's note rounded levy by levy to the paisa, where a printed note rounds STT to
 * the rupee; at expiry brokerage with GST for each slice of an in-the-money position, the tax of exercise for the long side only,
 * no exchange fee, SEBI fee or stamp duty, and nothing at all for an option that expires worthless. No charge for a square-off by
 * the broker, no interest, no account fees.
 */
export class ChargesModel {
  readonly #brokerage: InForce<Paise>;
  readonly #sttOnSale: InForce<PerCrore>;
  readonly #sttOnExercise: InForce<ExerciseTax>;
  readonly #exchange: ReadonlyMap<Exchange, InForce<ExchangeFee>>;
  readonly #firstDays: ReadonlyMap<Exchange, Day | undefined>;
  readonly #sebi: InForce<PerCrore>;
  readonly #stamp: InForce<StampDuty>;
  readonly #gst: InForce<GoodsAndServicesTax>;

  constructor(tables: LevyTables) {
    this.#brokerage = new InForce(tables.brokerage);
    this.#sttOnSale = new InForce(tables.sttOnSale);
    this.#sttOnExercise = new InForce(tables.sttOnExercise);
    this.#exchange = new Map([...tables.exchange].map(([exchange, rows]) => [exchange, new InForce(rows)]));
    this.#firstDays = new Map([...tables.exchange].map(([exchange, rows]) => [exchange, rows[0]?.from]));
    this.#sebi = new InForce(tables.sebi);
    this.#stamp = new InForce(tables.stamp);
    this.#gst = new InForce(tables.gst);
  }

  /** The levies of one executed order. */
  ofOrder(order: ChargedOrder): Levies {
    const { day, turnover } = order;
    if (!(turnover >= 0)) broken(`a turnover is not negative, was ${turnover}`);
    const fee = this.#feeOn(day, order.exchange).value;
    const stamp = rowOn(this.#stamp, day, 'stamp duty').value;
    const parts: Partial<Record<LevyName, number>> = {
      brokerage: rowOn(this.#brokerage, day, 'brokerage').value * FINE_PER_PAISA,
      stt: order.side === 'SELL' ? share(turnover, rowOn(this.#sttOnSale, day, 'STT').value) : 0,
      exchange: share(turnover, rateOf(fee, order) + fee.ipft),
      sebi: share(turnover, rowOn(this.#sebi, day, 'SEBI fee').value),
      stamp: stamp.payer === 'both' || order.side === 'BUY' ? share(turnover, stamp.rate) : 0,
    };
    return this.#withGst(day, parts, share(turnover, fee.ipft));
  }

  /** The levies of a position settled at expiry. */
  ofExercise(exercise: ChargedExercise): Levies {
    const { day, position, intrinsic, contractValue, slices } = exercise;
    invariant(intrinsic >= 0, `an intrinsic value is not negative, was ${intrinsic}`);
    invariant(Number.isSafeInteger(slices) && slices > 0, `slices are a positive whole number, was ${slices}`);
    if (intrinsic === 0) return NO_LEVIES;
    const tax = rowOn(this.#sttOnExercise, day, 'STT on exercise').value;
    const base = tax.base === 'contract' ? contractValue : intrinsic;
    return this.#withGst(day, {
      brokerage: rowOn(this.#brokerage, day, 'brokerage').value * slices * FINE_PER_PAISA,
      stt: position === 'long' ? share(base, tax.rate) : 0,
    });
  }

  /** The first day on which an exchange's orders can be charged. */
  firstDayOf(exchange: Exchange): Day | undefined {
    return this.#firstDays.get(exchange);
  }

  /** The levies of an order whose rates on a day rest on a weak source. */
  unsureOn(day: Day, exchange: Exchange): readonly LevyName[] {
    const rows: Readonly<Record<LevyName, DatedFact<unknown>>> = {
      brokerage: rowOn(this.#brokerage, day, 'brokerage'),
      stt: rowOn(this.#sttOnSale, day, 'STT'),
      exchange: this.#feeOn(day, exchange),
      sebi: rowOn(this.#sebi, day, 'SEBI fee'),
      stamp: rowOn(this.#stamp, day, 'stamp duty'),
      gst: rowOn(this.#gst, day, 'GST'),
    };
    return LEVY_NAMES.filter((name) => !rows[name].sure);
  }

  #feeOn(day: Day, exchange: Exchange): DatedFact<ExchangeFee> {
    const fees = this.#exchange.get(exchange);
    if (fees === undefined) broken(`no fees are known of ${exchange}`);
    return rowOn(fees, day, `${exchange} fee`);
  }

  #withGst(day: Day, parts: Partial<Record<LevyName, number>>, protection = 0): Levies {
    const { pct, base } = rowOn(this.#gst, day, 'GST').value;
    let taxed = base.includes('ipft') ? 0 : -protection;
    for (const name of base) taxed += name === 'ipft' ? 0 : (parts[name] ?? 0);
    return levies({ ...parts, gst: roundedQuotient(taxed, pct, 100) });
  }
}

/** The contract note of a day: each levy summed and rounded to the paisa. Orders and rounding add up to the note. */
export function dayNote(list: readonly Levies[]): { readonly levies: NoteLevies; readonly rounding: FinePaise } {
  const note: Record<LevyName | 'total', Paise> = {
    brokerage: paise(0),
    stt: paise(0),
    exchange: paise(0),
    sebi: paise(0),
    stamp: paise(0),
    gst: paise(0),
    total: paise(0),
  };
  let exact = 0;
  let printed = 0;
  for (const name of LEVY_NAMES) {
    let sum = 0;
    for (const one of list) sum += one[name];
    note[name] = paiseOfFine(sum);
    exact += sum;
    printed += note[name];
  }
  note.total = paise(printed);
  return { levies: note, rounding: finePaise(printed * FINE_PER_PAISA - exact) };
}

/** Slices of freeze size that a quantity takes: the number of orders a broker counts. */
export function slicesOf(quantity: number, quantityMax: number): number {
  invariant(quantityMax > 0, `a slice holds at least one unit, was ${quantityMax}`);
  return Math.max(1, Math.ceil(quantity / quantityMax));
}

function rateOf(fee: ExchangeFee, { underlying, expiry }: ChargedOrder): PerCrore {
  const nearestSensex = underlying === 'SENSEX' && expiry !== 'later';
  return nearestSensex ? fee.rate : (fee.elsewhere ?? fee.rate);
}

/** A rate of an amount of paise, in fine paise: per crore and times 10,000 leave a thousandth. */
function share(amount: Paise, rate: number): number {
  return roundedQuotient(amount, rate, 1_000);
}

/** `value * numerator / denominator` of whole numbers, half upwards, exact beyond what doubles hold. */
function roundedQuotient(value: number, numerator: number, denominator: number): number {
  const product = 2 * value * numerator + denominator;
  if (Number.isSafeInteger(product)) return Math.floor(product / (2 * denominator));
  const exact = 2n * BigInt(value) * BigInt(numerator) + BigInt(denominator);
  return Number(exact / (2n * BigInt(denominator)));
}

function rowOn<T>(rows: InForce<T>, day: Day, name: string): DatedFact<T> {
  const row = rows.rowOn(day);
  if (row === undefined) broken(`no ${name} is known on ${day}`);
  return row;
}
