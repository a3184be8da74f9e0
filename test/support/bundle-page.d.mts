/** Style and script of report.html, made of their sources now. */
export function bundledPage(): { readonly script: string; readonly style: string };
