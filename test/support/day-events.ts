import type { DayInputs } from '../../adapters/day-events.ts';
import { dayBatches } from '../../adapters/day-events.ts';
import { CandleFrame } from '../../engine/model/candle-frame.ts';
import type { InputEvent } from '../../engine/model/event.ts';

/** All inputs of a day as a list that can be kept, cut and mixed. */
export function dayEvents(inputs: DayInputs): InputEvent[] {
  const events: InputEvent[] = [];
  // A copy for each event as it was when it came, so that what the frame becomes later shows in nobody's past.
  const kept = ({ columns, slots, base, start, intervalMs }: CandleFrame): CandleFrame =>
    Object.assign(new CandleFrame(), { columns, slots, base, start, intervalMs });
  for (const batch of dayBatches(inputs)) {
    for (const event of batch) events.push('frame' in event ? { ...event, frame: kept(event.frame) } : { ...event });
  }
  return events;
}
