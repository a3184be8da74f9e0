const CLOCK = 'time arrives with the event: read ctx.now, ctx.time or ctx.day';
const CHANCE = 'equal runs must give equal results: there is no chance in a strategy';
const TIMERS = 'a strategy is called by the engine: ask for a call with ctx.at';
const SYNCHRONOUS = 'a strategy answers at once: nothing in it waits';
const OUTSIDE = 'a strategy knows nothing of files, processes, networks or other threads';
const TALK = 'a strategy does not print: write to the journal with ctx.note';
const MODULES = 'modules are named by import lines at the top of the file';
const CODE = 'code is not made from texts';
const PLACE = 'equal runs must give equal results wherever they are made';
const MADE_OF = 'a strategy does not ask what its values are made of: that leads out of its realm';
const MEMORY = 'when memory is collected is chance';

/** What an own strategy may not say, with the reason that its author reads. */
export const REFUSED_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    [CLOCK]: 'Date Temporal performance',
    [CHANCE]: 'Math.random crypto',
    [TIMERS]: 'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate requestAnimationFrame',
    [SYNCHRONOUS]: 'Promise queueMicrotask',
    [OUTSIDE]:
      'process fetch XMLHttpRequest WebSocket EventSource Worker MessageChannel BroadcastChannel Atomics SharedArrayBuffer Buffer navigator localStorage sessionStorage WebAssembly global globalThis window self structuredClone',
    [TALK]: 'console alert',
    [MODULES]: 'require module exports __dirname __filename import.meta',
    [CODE]: 'eval Function',
    [PLACE]: 'Intl',
    [MEMORY]: 'WeakRef FinalizationRegistry',
    [MADE_OF]: 'Proxy Reflect',
  }).flatMap(([reason, names]) => names.split(' ').map((name) => [name, reason] as const)),
);

/** Fields and methods that it may not name, whatever they are asked of. */
export const REFUSED_MEMBERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    [PLACE]: 'localeCompare toLocaleString toLocaleDateString toLocaleTimeString toLocaleUpperCase toLocaleLowerCase',
    [MADE_OF]:
      'constructor __proto__ getPrototypeOf setPrototypeOf __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ prepareStackTrace',
    [SYNCHRONOUS]: 'parseAsync safeParseAsync',
  }).flatMap(([reason, names]) => names.split(' ').map((name) => [name, reason] as const)),
);

export const IMPORT_REASON = MODULES;
export const ASYNC_REASON = SYNCHRONOUS;

/** Functions of `Math` whose last bit each engine of the language may choose, with what `sim/strategy` has instead. */
export const INEXACT_MATH: ReadonlyMap<string, string> = new Map([
  ...'acos acosh asin asinh atan atan2 atanh cbrt cos cosh expm1 hypot log10 log1p log2 pow sin sinh tan tanh'
    .split(' ')
    .map((name) => [name, ''] as const),
  ['exp', 'exp'],
  ['log', 'ln'],
]);
