#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { registerBacktest } from './commands/backtest.ts';
import { registerCharges } from './commands/charges.ts';
import { registerDataCheck } from './commands/data-check.ts';
import { registerDataImport } from './commands/data-import.ts';
import { registerDataList } from './commands/data-list.ts';
import { registerDataSynth } from './commands/data-synth.ts';
import { registerReport } from './commands/report.ts';
import { registerRuns } from './commands/runs.ts';
import { registerStrategies } from './commands/strategies.ts';
import { VERSION } from './version.ts';

/** The program: every command, none of its weight until it is called. */
function program(): Command {
  const sim = new Command('sim')
    .description('tests Indian index-option strategies on history')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showHelpAfterError('(see sim --help)')
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride();
  registerBacktest(sim);
  registerReport(sim);
  registerRuns(sim);
  registerStrategies(sim);
  registerCharges(sim);
  const data = sim.command('data').description('import, check, list and make candles');
  registerDataImport(data);
  registerDataCheck(data);
  registerDataList(data);
  registerDataSynth(data);
  for (const command of [data, ...sim.commands, ...data.commands]) command.exitOverride();
  return sim;
}

/** Runs a command line; every failure ends in one sentence and the exit code that belongs to it. */
async function main(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (!(error instanceof CommanderError)) process.stderr.write(`sim: ${sentenceOf(error)}\n`);
  }
}

/** 2 where the user's input is wrong, what the error says where it knows, 1 otherwise. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const code = typeof error === 'object' && error !== null && 'exitCode' in error ? error.exitCode : 1;
  return typeof code === 'number' ? code : 1;
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = 'exitCode' in error;
  return isOurs || process.env['SIM_DEBUG'] === undefined ? error.message : (error.stack ?? error.message);
}

await main(process.argv);
