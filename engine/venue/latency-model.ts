/**
 * How long orders travel.
 *
 * It assumes fixed times: from our decision to the venue, from the venue back to us, and between the legs of one basket. A protective
 * order therefore stands one way back plus one way there after the fill it protects.
 */
export interface LatencyModel {
  readonly decideToVenueMs: number;
  readonly venueToUsMs: number;
  readonly betweenLegsMs: number;
}

export const DEFAULT_LATENCY: LatencyModel = { decideToVenueMs: 300, venueToUsMs: 100, betweenLegsMs: 150 };
