const NANO = 1_000_000_000;
const THREE: readonly string[] = Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0'));
/** The same without the zeros at the end. */
const SHORT: readonly string[] = THREE.map((text) => text.replace(/0+$/, ''));
const WHOLE: readonly string[] = Array.from({ length: 10_000 }, (_, number) => String(number));

/**
 * A number as a cell holds it: the digits that read back as the same number. Numbers of at most nine decimals, which nearly all are, are
 * put together from known pieces: the language keeps every text it makes of a number for a while, and that while outlasts a sheet, so
 * that a book of millions of cells would take hundreds of megabytes.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`a cell cannot hold ${value}`);
  const size = Math.abs(value);
  const nanos = Math.round(size * NANO);
  // The quotient of two whole numbers is the nearest number there is to the decimal that they stand for.
  if (!Number.isSafeInteger(nanos) || nanos / NANO !== size) return String(value);
  const whole = Math.floor(nanos / NANO);
  const digits = wholeText(whole) + fractionText(nanos - whole * NANO);
  return value < 0 ? `-${digits}` : digits;
}

function wholeText(whole: number): string {
  if (whole < 10_000) return WHOLE[whole] ?? '';
  return `${WHOLE[Math.floor(whole / 1_000)] ?? ''}${THREE[whole % 1_000] ?? ''}`;
}

/** `.25` of 250,000,000 billionths; nothing of none. */
function fractionText(nanos: number): string {
  if (nanos === 0) return '';
  const first = Math.floor(nanos / 1_000_000);
  const second = Math.floor(nanos / 1_000) % 1_000;
  const third = nanos % 1_000;
  if (third > 0) return `.${THREE[first]}${THREE[second]}${SHORT[third]}`;
  return second > 0 ? `.${THREE[first]}${SHORT[second]}` : `.${SHORT[first]}`;
}
