import type { DayInputs } from '../../adapters/day-events.ts';
import { dayBatches } from '../../adapters/day-events.ts';
import { CandleFrame } from '../../engine/model/candle-frame.ts';
import type { InputEvent } from '../../engine/model/event.ts';

/** All inputs of a day as a list that can be kept, cut and mixed. */
export function dayEvents(inputs: DayInputs): InputEvent[] {
  const events: InputEvent[] = [];
  const frames = new Map<number, CandleFrame>();
  const kept = (frame: CandleFrame): CandleFrame => {
    const known = frames.get(frame.start);
    const own = known ?? new CandleFrame();
    frames.set(frame.start, own);
    const { columns, slots, base, start, intervalMs } = frame;
    return Object.assign(own, { columns, slots, base, start, intervalMs });
  };
  for (const batch of dayBatches(inputs)) {
    for (const event of batch) events.push('frame' in event ? { ...event, frame: kept(event.frame) } : { ...event });
  }
  return events;
}
