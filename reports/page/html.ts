/** Text that is markup already; everything else is escaped before it becomes part of a page. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: null and false print nothing. */
export type Piece = string | number | Markup | null | false | undefined | readonly Piece[];

/** Markup with its values escaped, so that no name, note or reason of a run can become part of the page's own code. */
export function html(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  let markup = texts[0] ?? '';
  for (let at = 0; at < pieces.length; at += 1) markup += printed(pieces[at]) + (texts[at + 1] ?? '');
  return { markup };
}

/** Text as it may stand between tags and inside double quotes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}

/** JSON as it may stand inside a script element: nothing in it can end the element or begin a comment. */
export function scriptJson(value: unknown): Markup {
  return { markup: JSON.stringify(value).replaceAll('<', '\\u003c') };
}

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function printed(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return '';
  if (typeof piece === 'string') return escaped(piece);
  if (typeof piece === 'number') return String(piece);
  return 'markup' in piece ? piece.markup : piece.map(printed).join('');
}
