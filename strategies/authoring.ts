/**
 * What a strategy of your own is written with: `import { defineStrategy, z } from 'sim/strategy'`. The program hands its own copy of all
 * of this to the file, `z` for the parameters included, so that both speak of the same things.
 */
export { z } from 'zod';
export * from '../engine/indicators/black76.ts';
export * from '../engine/strategy.ts';
