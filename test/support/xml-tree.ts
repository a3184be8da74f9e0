/** A small reader of XML for tests: elements in order, with attributes and text; it throws at what is not well formed. */
export interface Element {
  /** Without its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface OpenElement extends Element {
  readonly qualified: string;
  readonly children: Element[];
  text: string;
}

const TOKEN = /<\?[^>]*\?>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)|</g;

export function xmlTree(xml: string): Element {
  const root: OpenElement = { name: '', qualified: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [whole, closing, qualified = '', attributes = '', empty, text] of xml.matchAll(TOKEN)) {
    const top = open.at(-1);
    if (top === undefined) throw new Error('text after the last element');
    if (text !== undefined) top.text += plainText(text);
    else if (whole.startsWith('<?')) continue;
    else if (whole === '<') throw new Error(`a stray < in ${top.qualified}`);
    else if (closing === '/') {
      if (top.qualified !== qualified) throw new Error(`</${qualified}> closes <${top.qualified}>`);
      open.pop();
    } else {
      const name = qualified.replace(/^.*:/, '');
      const made: OpenElement = { name, qualified, attributes: attributesOf(attributes), children: [], text: '' };
      top.children.push(made);
      if (empty === '') open.push(made);
    }
  }
  const [only, ...more] = root.children;
  if (open.length !== 1 || only === undefined || more.length > 0) throw new Error('not one closed element');
  return only;
}

/** Every element below, and the element itself. */
export function* everyElement(element: Element): Iterable<Element> {
  yield element;
  for (const child of element.children) yield* everyElement(child);
}

export function all(element: Element, name: string): readonly Element[] {
  return [...everyElement(element)].filter((one) => one.name === name);
}

export function child(element: Element | undefined, ...path: readonly string[]): Element | undefined {
  return path.reduce<Element | undefined>((at, name) => at?.children.find((one) => one.name === name), element);
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/([\w:.-]+)="([^"]*)"/g)) {
    if (name in found) throw new Error(`attribute ${name} stands twice`);
    found[name] = plainText(value);
  }
  return found;
}

function plainText(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|apos|#x?[\da-fA-F]+);)/.test(text)) throw new Error(`a bare & in "${text.slice(0, 40)}"`);
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
