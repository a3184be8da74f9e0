import { marketIsProtected } from './contract-limits.ts';
import type { KernelParts } from './kernel-parts.ts';
import type { UnderlyingLadder } from './market/underlying-ladder.ts';
import type { SessionOpened } from './model/event.ts';
import type { Underlying } from './model/instrument.ts';
import type { VenueRules } from './venue/admission.ts';

/** The rules of a venue for a day. It keeps the hours as they came to be; what was planned is for those who cannot know better. */
export function venueRules(
  event: SessionOpened,
  { contracts, settings }: KernelParts,
  ladders: ReadonlyMap<Underlying, UnderlyingLadder>,
): VenueRules {
  const closesAt = event.windows.at(-1)?.close ?? event.ts;
  return {
    day: event.day,
    levelOf: (underlying) => ladders.get(underlying)?.spot,
    closesAt,
    isOpen: (ts) => event.windows.some(({ open, close }) => ts >= open && ts < close),
    fillsUntil: ({ instrument }) =>
      instrument.kind === 'option' && instrument.expiry <= event.day ? event.settlementAt : closesAt,
    quantityMax: ({ instrument }) => contracts.freezeQuantityOn(instrument.underlying, event.day)?.quantity,
    marketProtectionBps: marketIsProtected(event.day) ? 100 * settings.execution.protectionPct : undefined,
  };
}
