/** A program of its own: prints the SHA-256 of the small journal's workbook, to be run elsewhere in time, zone and locale. */
import { createHash } from 'node:crypto';
import { buildReport } from '../../reports/report.ts';
import { workbookOf } from '../../reports/workbook/workbook.ts';
import { smallCard, smallJournal, smallMoney } from './journal-fixtures.ts';

const bytes = await workbookOf(buildReport(smallJournal(), smallMoney(), smallCard()));
process.stdout.write(createHash('sha256').update(bytes).digest('hex'));
