import { normalQuantile } from './indicators/fixed-math.ts';

/** A stream of chance: each call gives the next number from 0 up to, but not including, 1. */
export type ChanceStream = () => number;

/**
 * The stream of a seed and a name. Equal names give equal streams whatever else was drawn, so a new use of chance, under a name of
 * its own, changes none of the old ones. Generator: sfc32 (C. Doty-Humphrey, PractRand 2010), seeded by a hash of the name.
 */
export function streamOf(seed: number, name: string): ChanceStream {
  // Kept in whole 32-bit cells: captured variables of that size would be boxed anew at every draw.
  const state = Int32Array.of(
    hashOf(seed, name, 0x9e3779b9),
    hashOf(seed, name, 0x85ebca6b),
    hashOf(seed, name, 0xc2b2ae35),
    1,
  );
  const next = (): number => {
    const b = state[1] as number;
    const c = state[2] as number;
    const counter = state[3] as number;
    const t = ((((state[0] as number) + b) | 0) + counter) | 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + t;
    state[3] = counter + 1;
    return (t >>> 0) / 4_294_967_296;
  };
  // Neighbouring seeds differ in few bits; a dozen rounds spread them (the generator's author advises the same).
  for (let i = 0; i < 12; i += 1) next();
  return next;
}

/** A standard normal draw from one number of the stream, the same on every Node version; never beyond 6.4 in size. */
export function gaussian(stream: ChanceStream): number {
  return normalQuantile(stream() + HALF_STEP);
}

/** Moves a draw to the middle of its step, so that 0 never reaches the quantile. */
const HALF_STEP = 1 / 8_589_934_592;

/** 32 bits of a seed and a name (FNV-1a over the name, finished as in MurmurHash3). */
function hashOf(seed: number, name: string, salt: number): number {
  let hash = (salt ^ 0x811c9dc5) | 0;
  hash = Math.imul(hash ^ (seed | 0), 0x01000193);
  hash = Math.imul(hash ^ Math.floor(seed / 4_294_967_296), 0x01000193);
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
