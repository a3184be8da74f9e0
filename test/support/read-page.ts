/** A page as a parser sees it: what is wrong with its markup, its elements, and what they say. */
import type { DefaultTreeAdapterTypes } from 'parse5';
import { parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
export type PageElement = DefaultTreeAdapterTypes.Element;

export interface ReadPage {
  /** Faults of the markup by the rules of the HTML standard, with their lines. */
  readonly faults: readonly string[];
  /** Every element, in the order of the document. */
  readonly elements: readonly PageElement[];
}

export function readPage(html: string): ReadPage {
  const faults: string[] = [];
  const document = parse(html, {
    sourceCodeLocationInfo: true,
    onParseError: ({ code, startLine }) => faults.push(`${code} in line ${startLine}`),
  });
  const elements: PageElement[] = [];
  const walk = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (!('tagName' in node)) continue;
      elements.push(node);
      walk(node.childNodes);
    }
  };
  walk(document.childNodes);
  return { faults, elements };
}

export function attribute({ attrs }: PageElement, name: string): string | undefined {
  return attrs.find((one) => one.name === name)?.value;
}

/** The words of an element, in reading order. */
export function wordsOf(element: PageElement): string {
  return element.childNodes
    .map((node) => ('tagName' in node ? wordsOf(node) : 'value' in node ? node.value : ''))
    .join('');
}

/** What stands beside a figure in the list of all figures. */
export function figureOf({ elements }: ReadPage, id: string): string {
  const row = elements.find((element) => attribute(element, 'data-figure') === id);
  const cell = row?.childNodes.find((node): node is PageElement => 'tagName' in node && node.tagName === 'td');
  if (cell === undefined) throw new Error(`the page shows no figure ${id}`);
  return wordsOf(cell);
}
