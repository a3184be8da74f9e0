/** Plays one synthetic day of three indices and prints what came of it as hashes: run by a test in other places of the world. */
import { createHash } from 'node:crypto';
import { straddleAgent } from '../support/busy-agents.ts';
import type { Played } from '../support/play.ts';
import { play } from '../support/play.ts';
import { syntheticDay } from '../support/synthetic-day.ts';

/** Hash of a journal's bytes and of the columns of money beside it. */
export function hashOf({ text, money }: Pick<Played, 'text' | 'money'>): string {
  const hash = createHash('sha256').update(text);
  for (const column of [money.ts, money.agent, money.gross, money.charges, money.openLots]) hash.update(column);
  return `${text.split('\n').length - 1} records ${hash.digest('hex')}`;
}

export function dayOfThree(): Played {
  const segments = ['NIFTY', 'BANKNIFTY', 'SENSEX'] as const;
  return play({ days: [syntheticDay('2025-03-06', segments)], agents: segments.map(straddleAgent) });
}

if (process.argv[2] === 'print') {
  const zone = new Date(0).getTimezoneOffset();
  console.log(JSON.stringify({ zone, hash: hashOf(dayOfThree()) }));
}
