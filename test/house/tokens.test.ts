import { expect, test } from 'vitest';
import { tokensOf } from './tokens.ts';

function texts(source: string): readonly string[] {
  return tokensOf(source).map((token) => token.text);
}

test('leaves comments out and counts lines', () => {
  const source = "/* one\n two */ a // import 'x'\nb";
  expect(tokensOf(source).map(({ text, line }) => [text, line])).toEqual([
    ['a', 2],
    ['b', 3],
  ]);
});

test('reads strings whole, with signs of comments and escaped quotes inside', () => {
  expect(texts(String.raw`x = 'a // b' + "c \" /*"`)).toEqual(['x', '=', 'a // b', '+', String.raw`c \" /*`]);
});

test('reads the code inside a template and comes back to its text', () => {
  expect(texts('`a ${ {b: `c ${d}`}.b } e` f')).toEqual([
    '`a ${',
    '{',
    'b',
    ':',
    '`c ${',
    'd',
    '}`',
    '}',
    '.',
    'b',
    '} e`',
    'f',
  ]);
});

test('tells a regular expression from a division', () => {
  expect(texts("a / b / 'c'")).toEqual(['a', '/', 'b', '/', 'c']);
  expect(texts("return /'[/']/u.test(x)")).toEqual(['return', "/'[/']/", 'u', '.', 'test', '(', 'x', ')']);
  expect(texts('f(/"/, (a) / 2, \'"\')')).toEqual(['f', '(', '/"/', ',', '(', 'a', ')', '/', '2', ',', '"', ')']);
});

test('keeps private names, numbers and optional chains apart', () => {
  expect(texts('this.#now?.at(1_000.5e-3)')).toEqual(['this', '.', '#now', '?.', 'at', '(', '1_000.5e-3', ')']);
});
