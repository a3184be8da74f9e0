/**
 * Exponential, logarithm and normal distribution by fixed arithmetic. The language leaves the last bits of `Math.exp` and `Math.log`
 * to each engine; these use only operations that IEEE 754 fixes (add, multiply, divide, square root), so every Node version agrees.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const SQRT_2PI = 2.5066282746310007;

/** e to the x, within one unit in the last place (fdlibm, e_exp.c, Sun Microsystems 1993); 0 below -708, Infinity above 709. */
export function exp(x: number): number {
  if (x < -708) return 0;
  if (x > 709) return Number.POSITIVE_INFINITY;
  const halvings = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - halvings * LN2_HIGH;
  const low = halvings * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  return y * (POWERS_OF_TWO[halvings + POWER_BIAS] as number);
}

const POWER_BIAS = 1_022;
const POWERS_OF_TWO = powersOfTwo();

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2 * POWER_BIAS + 3);
  powers[POWER_BIAS] = 1;
  for (let i = 1; i <= POWER_BIAS + 1; i += 1) powers[POWER_BIAS + i] = (powers[POWER_BIAS + i - 1] as number) * 2;
  for (let i = 1; i <= POWER_BIAS; i += 1) powers[POWER_BIAS - i] = (powers[POWER_BIAS - i + 1] as number) / 2;
  return powers;
}

const doubleBits = new Float64Array(1);
const wordBits = new Uint32Array(doubleBits.buffer);
const HIGH_WORD = highWord();

function highWord(): 0 | 1 {
  doubleBits[0] = 1;
  return wordBits[1] === 0x3ff00000 ? 1 : 0;
}

/**
 * Natural logarithm, within one unit in the last place (fdlibm, e_log.c, Sun Microsystems 1993), for positive normal numbers;
 * -Infinity at 0, NaN below.
 */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  doubleBits[0] = x;
  const word = wordBits[HIGH_WORD] as number;
  const mantissa = word & 0xfffff;
  // The fraction is brought between sqrt(2)/2 and sqrt(2), so that the series below stays short.
  const carry = (mantissa + 0x95f64) & 0x100000;
  wordBits[HIGH_WORD] = mantissa | (carry ^ 0x3ff00000);
  const k = (word >>> 20) - 1_023 + (carry >>> 20);
  const f = (doubleBits[0] as number) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + even + odd) + k * LN2_LOW) - f);
}

/** Density of the standard normal distribution. */
export function normalPdf(x: number): number {
  return exp(-0.5 * x * x) / SQRT_2PI;
}

/** Chance that a standard normal draw is at most x (J. Hart 1968, as given by G. West, "Better approximations", Wilmott 2005). */
export function normalCdf(x: number): number {
  return normalCdfOf(x, exp(-0.5 * x * x));
}

/** The same where exp(-x*x/2) is already known, so that a price and its Greeks share one exponential. */
export function normalCdfOf(x: number, bell: number): number {
  const tail = upperTail(x < 0 ? -x : x, bell);
  return x > 0 ? 1 - tail : tail;
}

function upperTail(x: number, bell: number): number {
  if (x < 7.07106781186547) {
    const top =
      (((((0.0352624965998911 * x + 0.700383064443688) * x + 6.37396220353165) * x + 33.912866078383) * x +
        112.079291497871) *
        x +
        221.213596169931) *
        x +
      220.206867912376;
    const bottom =
      ((((((0.0883883476483184 * x + 1.75566716318264) * x + 16.064177579207) * x + 86.7807322029461) * x +
        296.564248779674) *
        x +
        637.333633378831) *
        x +
        793.826512519948) *
        x +
      440.413735824752;
    return (bell * top) / bottom;
  }
  return bell / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / SQRT_2PI;
}

/** The x below which a standard normal draw falls with chance p, 0 < p < 1 (M. Wichura, algorithm AS 241, PPND16, 1988). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) return centralQuantile(q);
  const r = Math.sqrt(-ln(q < 0 ? p : 1 - p));
  const x = r <= 5 ? tailQuantile(r - 1.6) : farQuantile(r - 5);
  return q < 0 ? -x : x;
}

function centralQuantile(q: number): number {
  const r = 0.180625 - q * q;
  const top =
    ((((((2509.080928730122 * r + 33430.57558358813) * r + 67265.7709270087) * r + 45921.95393154987) * r +
      13731.69376550946) *
      r +
      1971.5909503065513) *
      r +
      133.14166789178438) *
      r +
    3.3871328727963665;
  const bottom =
    ((((((5226.495278852855 * r + 28729.085735721943) * r + 39307.89580009271) * r + 21213.794301586597) * r +
      5394.196021424751) *
      r +
      687.1870074920579) *
      r +
      42.31333070160091) *
      r +
    1;
  return (q * top) / bottom;
}

function tailQuantile(r: number): number {
  const top =
    ((((((0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506) * r + 1.2704582524523684) * r +
      3.6478483247632045) *
      r +
      5.769497221460691) *
      r +
      4.630337846156546) *
      r +
    1.4234371107496835;
  const bottom =
    ((((((1.0507500716444169e-9 * r + 0.0005475938084995344) * r + 0.015198666563616457) * r + 0.14810397642748008) *
      r +
      0.6897673349851) *
      r +
      1.6763848301838038) *
      r +
      2.053191626637759) *
      r +
    1;
  return top / bottom;
}

function farQuantile(r: number): number {
  const top =
    ((((((2.0103343992922881e-7 * r + 0.000027115555687434876) * r + 0.0012426609473880784) * r +
      0.026532189526576124) *
      r +
      0.29656057182850487) *
      r +
      1.7848265399172913) *
      r +
      5.463784911164114) *
      r +
    6.657904643501103;
  const bottom =
    ((((((2.0442631033899397e-15 * r + 1.421511758316446e-7) * r + 0.000018463183175100548) * r +
      0.0007868691311456133) *
      r +
      0.014875361290850615) *
      r +
      0.1369298809227358) *
      r +
      0.599832206555888) *
      r +
    1;
  return top / bottom;
}
