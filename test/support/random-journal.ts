/** A long journal from a seed, in the shape of the hand-made one: one short straddle a day and, now and then, a second one. */
import type { JournalRecord, MoneyMinutes } from '../../engine/journal.ts';
import { FINE_PER_PAISA, LEVY_NAMES, paiseOfFine, sumOfLevies } from '../../engine/model/levies.ts';
import type { Day } from '../../engine/model/time.ts';
import { addDays, day, weekdayOf } from '../../engine/model/time.ts';
import { streamOf } from '../../engine/prng.ts';
import type { RunCard } from '../../reports/passport.ts';
import { AGENT, instant, JournalScript, numbered, PURCHASE, SALE, smallCard } from './journal-fixtures.ts';

export interface RandomRun {
  readonly records: readonly JournalRecord[];
  readonly money: MoneyMinutes;
  readonly card: RunCard;
}

export function randomRun({
  days,
  seed,
  perDay = 1,
}: {
  readonly days: number;
  readonly seed: number;
  readonly perDay?: number;
}): RandomRun {
  const chance = streamOf(seed, 'random journal');
  const between = (low: number, high: number): number => low + Math.floor(chance() * (high - low + 1));
  const script = new JournalScript();
  const money: [number, number, number, number][] = [];
  let gross = 0;
  let charges = 0;
  let of: Day = day('2023-01-02');
  for (let played = 0; played < days; of = addDays(of, 1)) {
    if (weekdayOf(of) > 4) continue;
    played += 1;
    script.openSession(of);
    money.push([instant(of, '09:20:01'), gross, charges, 0]);
    let dayGross = 0;
    for (let at = 0; at < perDay; at += 1) {
      const strike = 18_000 + between(0, 40) * 50;
      const legs = (['CE', 'PE'] as const).map((right) => {
        const entry = between(1_500, 4_000) * 5;
        const stopped = chance() < 0.4;
        const exit = stopped
          ? Math.round((entry * 1.3) / 5) * 5 + between(0, 30) * 5
          : between(10, Math.floor(entry / 5)) * 5;
        return {
          leg: right.toLowerCase(),
          contract: `NIFTY ${addDays(of, 3 - (weekdayOf(of) % 4))} ${strike} ${right}`,
          entry,
          exit,
          entryAt: '09:20:01',
          exitAt: stopped ? `1${between(0, 4)}:${between(10, 59)}:${between(10, 59)}` : '15:15:01',
          reason: stopped ? ('SL' as const) : ('TIME' as const),
          stop: Math.round((entry * 1.3) / 5) * 5,
          held: between(-200_000, 200_000),
        };
      });
      dayGross += script.play(of, { legs, risk: 450_000, reason: 'TIME' }).gross;
    }
    const dayCharges = sumOfLevies(Array.from({ length: perDay * 2 }, () => sumOfLevies([SALE, PURCHASE])));
    money.push([instant(of, '11:00:01'), gross + between(-300_000, 300_000), charges + 2 * SALE.total * perDay, 2]);
    gross += dayGross;
    charges += dayCharges.total;
    money.push([instant(of, '15:16:01'), gross, charges, 0]);
    let note = 0;
    for (const name of LEVY_NAMES) note += paiseOfFine(dayCharges[name]) * FINE_PER_PAISA;
    script.closeSession(of, {
      gross: dayGross,
      charges: dayCharges,
      legs: 2 * perDay,
      structures: perDay,
      rounding: note - dayCharges.total,
    });
  }
  return {
    records: numbered(script.records),
    card: smallCard({ from: day('2023-01-02'), to: addDays(of, -1) }),
    money: {
      agents: [AGENT],
      ts: Float64Array.from(money, (row) => row[0]),
      agent: new Uint16Array(money.length),
      gross: Float64Array.from(money, (row) => row[1]),
      charges: Float64Array.from(money, (row) => row[2]),
      openLots: Int32Array.from(money, (row) => row[3]),
    },
  };
}
