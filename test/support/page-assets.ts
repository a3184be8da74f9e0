// biome-ignore lint/correctness/useImportExtensions: the build, which runs before there is TypeScript, uses the same file
import { bundledPage } from './bundle-page.mjs';

/** Style and script of report.html, bundled of the sources as they are now. */
export const PAGE_ASSETS: { readonly style: string; readonly script: string } = bundledPage();
