/** The element of an id, which the page always has. */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element "${id}"`);
  return found as T;
}

/** Takes markup of our own templates, whose values are escaped, as the content of an element. */
export function fill(target: Element, content: { readonly markup: string }): void {
  target.innerHTML = content.markup;
}
