/** Run by the build as `prepare-tables OUT`: checks the dated tables and puts them away as the program reads them. */
import { storePreparedTables } from '../../adapters/prepared-tables.ts';
import { readSpreads, readTables, referenceFolder } from '../../adapters/reference-files.ts';

const [path = ''] = process.argv.slice(2);
storePreparedTables(path, referenceFolder(), { tables: readTables(), spreads: readSpreads() });
