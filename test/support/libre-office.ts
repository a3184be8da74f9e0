/** LibreOffice as a second spreadsheet: it opens workbooks, counts every formula anew and writes what it found. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** It trusts the values kept in such files unless its profile says `always` (0). */
const RECALC_ALWAYS = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
`;

/** Opens all workbooks in one call and gives back what it saved of each, in the same order. */
export function recalculated(soffice: string, books: readonly Uint8Array[]): readonly Uint8Array[] {
  return converted(soffice, books, { filter: 'xlsx:Calc MS Excel 2007 XML', ending: 'xlsx' });
}

/** Opens all workbooks in one call and gives back the pages it would print of each. */
export function printed(soffice: string, books: readonly Uint8Array[]): readonly Uint8Array[] {
  return converted(soffice, books, { filter: 'pdf:calc_pdf_Export', ending: 'pdf' });
}

function converted(
  soffice: string,
  books: readonly Uint8Array[],
  { filter, ending }: { readonly filter: string; readonly ending: string },
): readonly Uint8Array[] {
  const folder = mkdtempSync(join(tmpdir(), 'sim-office-'));
  try {
    const profile = join(folder, 'profile');
    mkdirSync(join(profile, 'user'), { recursive: true });
    writeFileSync(join(profile, 'user', 'registrymodifications.xcu'), RECALC_ALWAYS);
    const names = books.map((_, at) => `book${at}`);
    books.forEach((bytes, at) => void writeFileSync(join(folder, `${names[at]}.xlsx`), bytes));
    const out = join(folder, 'out');
    const profileFlag = `-env:UserInstallation=${pathToFileURL(profile).href}`;
    const files = names.map((name) => join(folder, `${name}.xlsx`));
    execFileSync(soffice, [profileFlag, '--headless', '--convert-to', filter, '--outdir', out, ...files], {
      stdio: 'pipe',
      timeout: 240_000,
    });
    return names.map((name) => new Uint8Array(readFileSync(join(out, `${name}.${ending}`))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
