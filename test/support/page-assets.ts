interface Assets {
  readonly style: string;
  readonly script: string;
}

/** The build's own bundler, which is plain JavaScript since it runs before there is a compiler. */
const BUNDLER: string = './bundle-page.mjs';
const { bundledPage } = (await import(BUNDLER)) as { readonly bundledPage: () => Assets };

/** Style and script of report.html, bundled of the sources as they are now. */
export const PAGE_ASSETS: Assets = bundledPage();
