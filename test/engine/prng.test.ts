import { describe, expect, test } from 'vitest';
import { gaussian, streamOf } from '../../engine/prng.ts';

function draws(seed: number, name: string, count: number): number[] {
  const stream = streamOf(seed, name);
  return Array.from({ length: count }, () => stream());
}

describe('streams of chance', () => {
  test('one seed and one name always give one stream', () => {
    expect(draws(7, 'fills', 50)).toEqual(draws(7, 'fills', 50));
  });

  test('the first numbers never change, since recorded runs lean on them', () => {
    expect(draws(1, 'fills', 4)).toMatchInlineSnapshot(`
      [
        0.22219542250968516,
        0.6993779218755662,
        0.757495456840843,
        0.40719931200146675,
      ]
    `);
    const stream = streamOf(1, 'fills');
    expect([gaussian(stream), gaussian(stream)]).toMatchInlineSnapshot(`
      [
        -0.7647996684345904,
        0.5226121897235474,
      ]
    `);
  });

  test('another name, another seed, and a seed 2^32 away give other streams', () => {
    const first = draws(7, 'fills', 5).join();
    for (const other of [
      draws(7, 'latency', 5),
      draws(8, 'fills', 5),
      draws(7 + 2 ** 32, 'fills', 5),
      draws(-7, 'fills', 5),
    ]) {
      expect(other.join()).not.toBe(first);
    }
  });

  test('drawing from one stream does not move another', () => {
    const [left, right] = [streamOf(3, 'left'), streamOf(3, 'right')];
    const mixed = Array.from({ length: 20 }, () => [left(), right()][1]);
    expect(mixed).toEqual(draws(3, 'right', 20));
  });

  test('numbers fill the unit interval evenly', () => {
    const counts = new Array<number>(10).fill(0);
    for (const u of draws(11, 'even', 100_000)) {
      const cell = Math.floor(u * 10);
      counts[cell] = counts[cell]! + 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.9); // 0.1 % point at 9 degrees of freedom
  });

  test('streams whose names or seeds are neighbours are not correlated', () => {
    for (const [a, b] of [
      [draws(1, 'day 1', 20_000), draws(1, 'day 2', 20_000)],
      [draws(1, 'day', 20_000), draws(2, 'day', 20_000)],
    ] as const) {
      const covariance = a.reduce((sum, u, i) => sum + (u - 0.5) * (b[i]! - 0.5), 0) / a.length;
      expect(Math.abs(covariance * 12)).toBeLessThan(0.03);
    }
  });

  test('gaussian draws have the moments of the normal distribution', () => {
    const stream = streamOf(5, 'normal');
    const n = 200_000;
    let [sum, squares, cubes, fourths] = [0, 0, 0, 0];
    for (let i = 0; i < n; i += 1) {
      const z = gaussian(stream);
      sum += z;
      squares += z * z;
      cubes += z ** 3;
      fourths += z ** 4;
    }
    expect(Math.abs(sum / n)).toBeLessThan(0.01);
    expect(squares / n).toBeCloseTo(1, 1);
    expect(Math.abs(cubes / n)).toBeLessThan(0.05);
    expect(Math.abs(fourths / n - 3)).toBeLessThan(0.1);
  });

  test('the ends of the stream give finite draws', () => {
    expect(gaussian(() => 0)).toBeCloseTo(-6.34, 1);
    expect(gaussian(() => 1 - 2 ** -32)).toBeCloseTo(6.34, 1);
  });
});
