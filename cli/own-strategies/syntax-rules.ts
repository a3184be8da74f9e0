import type { AnyNode, MemberExpression, Property } from 'acorn';
import type { OwnSource } from './own-source.ts';
import { RefusedSource } from './own-source.ts';
import { ASYNC_REASON, INEXACT_MATH, REFUSED_MEMBERS } from './refused-names.ts';

/** Something that a bundle says, and where: lines and columns from 0. */
export interface Remark {
  readonly line: number;
  readonly column: number;
  /** What it says, with the reason. */
  readonly text: string;
}

/** What the bundler cannot see: members by their names, code that waits, and arithmetic that is not exact. */
export async function remarksOn({ file, code }: Pick<OwnSource, 'file' | 'code'>): Promise<{
  readonly refused: readonly Remark[];
  readonly inexact: readonly Remark[];
}> {
  const { parse } = await import('acorn');
  const [refused, inexact]: [Remark[], Remark[]] = [[], []];
  const into = (list: Remark[], { loc }: AnyNode, text: string | undefined): void => {
    if (text !== undefined && loc) list.push({ line: loc.start.line - 1, column: loc.start.column, text });
  };
  for (const node of nodesOf(parsed(() => parse(code, { ecmaVersion: 'latest', locations: true }), file))) {
    into(refused, 'property' in node && node.type === 'MemberExpression' ? node.property : node, refusalOf(node));
    into(inexact, node, inexactIn(node));
  }
  return { refused, inexact };
}

function parsed<Tree>(parse: () => Tree, file: string): Tree {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RefusedSource([`${file} cannot be read: ${error.message}`], { cause: error });
  }
}

/** Every node below one, itself first, without recursion, in the order of the text. */
function* nodesOf(root: AnyNode): Generator<AnyNode> {
  const waiting: unknown[] = [root];
  for (let next = waiting.pop(); waiting.length > 0 || next !== undefined; next = waiting.pop()) {
    if (isNode(next)) yield next;
    if (Array.isArray(next)) waiting.push(...next.toReversed());
    else if (isNode(next)) waiting.push(...Object.values(next).filter(isPart).toReversed());
  }
}

function isPart(value: unknown): boolean {
  return Array.isArray(value) || isNode(value);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Waiting needs an async function around it, so that these stand for all that waits. */
function refusalOf(node: AnyNode): string | undefined {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.async ? `async: ${ASYNC_REASON}` : undefined;
    case 'MemberExpression':
      return refusedMember(memberName(node));
    case 'ObjectPattern':
      return node.properties.map((part) => part.type === 'Property' && refusedMember(keyName(part))).find(isText);
    case 'ObjectExpression':
      return node.properties.some((part) => part.type === 'Property' && keyName(part) === '__proto__')
        ? refusedMember('__proto__')
        : undefined;
    default:
      return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function refusedMember(name: string | undefined): string | undefined {
  const reason = name === undefined ? undefined : REFUSED_MEMBERS.get(name);
  return reason === undefined ? undefined : `${name}: ${reason}`;
}

function memberName({ computed, property }: MemberExpression): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return textOf(property);
}

function keyName({ computed, key }: Pick<Property, 'computed' | 'key'>): string | undefined {
  return !computed && key.type === 'Identifier' ? key.name : textOf(key);
}

/** A text that stands in the code as such, put together or not. */
function textOf(node: AnyNode): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type === 'TemplateLiteral')
    return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

/** The language fixes the last bit of adding, multiplying, dividing and square roots, and of nothing beyond. */
function inexactIn(node: AnyNode): string | undefined {
  if (node.type === 'MemberExpression') {
    if (node.object.type !== 'Identifier' || node.object.name !== 'Math') return undefined;
    const name = memberName(node);
    const instead = name === undefined ? undefined : INEXACT_MATH.get(name);
    if (instead === undefined) return undefined;
    return instead === '' ? `Math.${name}` : `Math.${name} (${instead} of sim/strategy gives the same everywhere)`;
  }
  if (node.type === 'AssignmentExpression') return node.operator === '**=' ? '**=' : undefined;
  if (node.type !== 'BinaryExpression' || node.operator !== '**') return undefined;
  return isWhole(node.left) && isWhole(node.right) ? undefined : '**';
}

function isWhole(node: AnyNode): boolean {
  return node.type === 'Literal' && Number.isSafeInteger(node.value);
}
