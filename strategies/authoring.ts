/**
 * What a strategy of your own is written with: `import { defineStrategy, z } from 'sim/strategy'`. The program hands its own copy of all
 * of this to the file, `z` for the parameters included, so that both speak of the same things.
 */
export { z } from 'zod';
export * from '../engine/indicators/atr.ts';
export * from '../engine/indicators/black76.ts';
export * from '../engine/indicators/fixed-math.ts';
export * from '../engine/indicators/moving-averages.ts';
export * from '../engine/indicators/open-interest.ts';
export * from '../engine/indicators/opening-range.ts';
export * from '../engine/indicators/pivots.ts';
export * from '../engine/indicators/realised-volatility.ts';
export * from '../engine/indicators/rolling-extreme.ts';
export * from '../engine/indicators/rsi.ts';
export * from '../engine/indicators/swings.ts';
export * from '../engine/indicators/vwap.ts';
export * from '../engine/strategy.ts';
