import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { buildReport } from '../../reports/report.ts';
import { workbookOf } from '../../reports/workbook/workbook.ts';
import { smallCard, smallJournal, smallMoney } from '../support/journal-fixtures.ts';
import { randomRun } from '../support/random-journal.ts';
import { workbookFaults } from '../support/workbook-audit.ts';

const small = buildReport(smallJournal(), smallMoney(), smallCard());
const bytes = await workbookOf(small);
const noMoney = { ...smallMoney(), agents: [], ts: new Float64Array() };

describe('books are sound', () => {
  test('with two days, forty days, and a losing run of one day', async () => {
    const run = randomRun({ days: 40, seed: 3 });
    const day = randomRun({ days: 1, seed: 12, perDay: 3 });
    expect(workbookFaults(bytes)).toEqual([]);
    for (const { records, money, card } of [run, day])
      expect(workbookFaults(await workbookOf(buildReport(records, money, card)))).toEqual([]);
  });

  test('with sessions but no trade, and without any session; neither has a chart of nothing', async () => {
    const sessions = smallJournal().filter(({ kind }) => kind.startsWith('session-'));
    for (const records of [sessions, []]) {
      const quiet = await workbookOf(buildReport(records, noMoney, smallCard()));
      expect(workbookFaults(quiet)).toEqual([]);
      const charts = Object.keys(unzipSync(quiet)).filter((name) => name.startsWith('xl/charts/'));
      // Equity on Summary and Daily, daily net and the underwater curve have days to draw.
      expect(charts).toHaveLength(records.length === 0 ? 0 : 4);
    }
  });

  test('and have eleven charts once something was traded', () => {
    expect(Object.keys(unzipSync(bytes)).filter((name) => name.startsWith('xl/charts/'))).toHaveLength(11);
  });
});

describe('a planted fault is found', () => {
  test.each([
    ['a broken element', 'xl/charts/chart1.xml', '</c:chart>', '', 'xl/charts/chart1.xml is not well formed'],
    ['a bare ampersand', 'xl/workbook.xml', '<sheets>', '<sheets>&', 'a bare &'],
    [
      'a drawing inside a rule',
      'xl/worksheets/sheet2.xml',
      '</cfRule>',
      '<drawing r:id="rId1"/></cfRule>',
      '<cfRule> may not hold <drawing>',
    ],
    [
      'a drawing after the tables',
      'xl/worksheets/sheet2.xml',
      /(<drawing[^>]*\/>)(.*<\/tableParts>)/,
      '$2$1',
      '<drawing> stands too late in <worksheet>',
    ],
    [
      'values before the categories of a series',
      'xl/charts/chart1.xml',
      /(<c:cat>.*?<\/c:cat>)(<c:val>.*?<\/c:val>)/,
      '$2$1',
      '<cat> stands too late in <ser>',
    ],
    [
      'the crossing of an axis before its partner',
      'xl/charts/chart1.xml',
      /(<c:crossAx [^>]*>)(<c:crosses [^>]*>)/,
      '$2$1',
      '<crossAx> stands too late in <dateAx>',
    ],
    [
      'an anchor without a frame',
      'xl/drawings/drawing1.xml',
      /<xdr:graphicFrame.*<\/xdr:graphicFrame>/,
      '',
      '<oneCellAnchor> lacks <graphicFrame>',
    ],
    [
      'a relationship that leads nowhere',
      'xl/drawings/drawing1.xml',
      'r:id="rId1"',
      'r:id="rId9"',
      'rId9 leads nowhere',
    ],
    [
      'a relationship to an absent part',
      'xl/drawings/_rels/drawing1.xml.rels',
      'chart1.xml',
      'chart99.xml',
      'chart99.xml, which is absent',
    ],
    [
      'a relationship that stands twice',
      'xl/worksheets/_rels/sheet2.xml.rels',
      'Id="rIdDrawing"',
      'Id="rId1"',
      'relationship rId1 stands twice',
    ],
    [
      'a part without a type',
      '[Content_Types].xml',
      /<Override PartName="\/xl\/charts\/chart2.xml"[^>]*>/,
      '',
      'xl/charts/chart2.xml has no content type',
    ],
    [
      'a type of an absent part',
      '[Content_Types].xml',
      '/xl/charts/chart2.xml',
      '/xl/charts/chart77.xml',
      '/xl/charts/chart77.xml, which is absent',
    ],
    [
      'a type that stands twice',
      '[Content_Types].xml',
      '/xl/charts/chart2.xml',
      '/xl/charts/chart1.xml',
      'the type of /xl/charts/chart1.xml stands twice',
    ],
    ['two tables of one number', 'xl/tables/table2.xml', ' id="2"', ' id="1"', 'table number 1 stands twice'],
    [
      'two tables of one name',
      'xl/tables/table2.xml',
      / name="\w+" displayName="\w+"/,
      ' name="tblDaily" displayName="tblDaily"',
      'table tblDaily stands twice',
    ],
    [
      'two objects of one number',
      'xl/drawings/drawing2.xml',
      '<xdr:cNvPr id="3"',
      '<xdr:cNvPr id="2"',
      'object 2 stands twice',
    ],
    [
      'a chart without words',
      'xl/drawings/drawing1.xml',
      / descr="[^"]*"/,
      '',
      'has no words for those who cannot see it',
    ],
    [
      'a name that stands twice',
      'xl/workbook.xml',
      /(<definedName name="_xlnm.Print_Area" localSheetId="1">)/,
      '$1Daily!$$A$$1</definedName>$1',
      'name _xlnm.Print_Area of 1 stands twice',
    ],
    ['a name of an absent sheet', 'xl/workbook.xml', 'Summary!$', 'Elsewhere!$', 'sheet Elsewhere, which is absent'],
    ['a cell out of its row', 'xl/worksheets/sheet2.xml', '<c r="A2"', '<c r="A3"', 'A3 stands in row 2'],
    ['cells in the wrong order', 'xl/worksheets/sheet2.xml', '<c r="B2"', '<c r="A2"', 'A2 stands too late in its row'],
    [
      'a look that is not there',
      'xl/worksheets/sheet2.xml',
      /<c r="A2" s="\d+"/,
      '<c r="A2" s="9999"',
      'has look 9999',
    ],
    ['a text that is not there', 'xl/worksheets/sheet2.xml', /(<c r="A1"[^>]*><v>)\d+/, '$199999', 'has text 99999'],
    [
      'a table beyond its cells',
      'xl/tables/table1.xml',
      / ref="A1:U3"/g,
      ' ref="A1:U99"',
      'table tblDaily reaches beyond',
    ],
    [
      'a filter of another range',
      'xl/tables/table1.xml',
      '<autoFilter ref="A1:U3"',
      '<autoFilter ref="A1:U2"',
      'filter of table tblDaily',
    ],
    ['a header that is another', 'xl/tables/table1.xml', 'name="Charges"', 'name="Fees"', 'headers of table tblDaily'],
    ['overlapping tables', 'xl/tables/table7.xml', / ref="A\d+:/g, ' ref="A5:', 'overlap'],
    ['a chart of an absent sheet', 'xl/charts/chart1.xml', '<c:f>Daily!', '<c:f>Dayly!', 'is on no sheet'],
    ['a chart beyond the cells', 'xl/charts/chart1.xml', '$A$2:$A$3', '$A$2:$A$999', 'reaches beyond the cells'],
    ['a chart of a part of a table', 'xl/charts/chart1.xml', '$A$2:$A$3', '$A$3:$A$3', 'is a part of table tblDaily'],
    ['a chart beside a table', 'xl/charts/chart1.xml', '$A$2:$A$3', '$A$2:$A$4', 'is no column of a table'],
    ['a kept value that is another', 'xl/charts/chart1.xml', /(<c:pt idx="0"><c:v>)[^<]*/, '$11', 'keeps 1 for'],
    [
      'an axis that is not there',
      'xl/charts/chart1.xml',
      '<c:crossAx val="1001"/>',
      '<c:crossAx val="7"/>',
      'axis 7 is absent',
    ],
    [
      'two series of one number',
      'xl/charts/chart1.xml',
      '<c:idx val="1"/>',
      '<c:idx val="0"/>',
      'series 0 stands twice',
    ],
  ] as const)('%s', (_, part, from, to, fault) => {
    const faults = workbookFaults(planted(part, from, to));
    expect(faults.filter((one) => one.includes(fault))).not.toEqual([]);
  });
});

function planted(part: string, from: string | RegExp, to: string): Uint8Array {
  const parts = unzipSync(bytes);
  const xml = strFromU8(parts[part] ?? new Uint8Array());
  const changed = typeof from === 'string' ? xml.replace(from, () => to) : xml.replace(from, to);
  if (changed === xml) throw new Error(`${part} has nothing to plant ${to} at`);
  return zipSync({ ...parts, [part]: strToU8(changed) }, { level: 1 });
}
