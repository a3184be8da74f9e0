#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { registerBacktest } from './commands/backtest.ts';
import { registerCharges } from './commands/charges.ts';
import { registerConfig } from './commands/config.ts';
import { registerDataCheck } from './commands/data-check.ts';
import { registerDataImport } from './commands/data-import.ts';
import { registerDataList } from './commands/data-list.ts';
import { registerDataSpreads } from './commands/data-spreads.ts';
import { registerDataSynth } from './commands/data-synth.ts';
import { registerReport } from './commands/report.ts';
import { registerRuns } from './commands/runs.ts';
import { registerStrategies } from './commands/strategies.ts';
import { VERSION } from './version.ts';

const EXIT_CODES = `
Exit codes: 0 done; 1 the program failed, a full disk too; 2 the input is wrong, and the message names
the field, what is allowed and the value; 3 a check did not hold; 130 after Ctrl-C.`;

/** The program: every command, none of its weight until it is called. */
function program(): Command {
  const sim = new Command('sim')
    .description('tests Indian index-option strategies on history')
    .enablePositionalOptions()
    .version(VERSION, '-V, --version', 'print the version')
    .addHelpText('after', EXIT_CODES);
  registerBacktest(sim);
  registerReport(sim);
  registerRuns(sim);
  registerStrategies(sim);
  registerCharges(sim);
  const data = sim.command('data').description('import, check, list and make candles, measure spreads');
  registerDataImport(data);
  registerDataCheck(data);
  registerDataList(data);
  registerDataSynth(data);
  registerDataSpreads(data);
  registerConfig(sim);
  sim.helpCommand('help [command]', 'print help');
  shape(sim);
  return sim;
}

/** The same manners for all commands: errors are one sentence that says where to read on, help is wide. */
function shape(command: Command): void {
  const name = nameOf(command);
  command
    .exitOverride()
    .helpOption('-h, --help', 'print help')
    .configureHelp({ helpWidth: 100 })
    .configureOutput({
      outputError: (text, write) => {
        const sentence = text
          .replace(/^error: /, '')
          .trimEnd()
          .replace(/\.$/, '')
          .replaceAll('\n', ' ');
        write(`sim: ${sentence}; see: ${name} --help\n`);
      },
    });
  for (const inner of command.commands) shape(inner);
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** Runs a command line; every failure ends in one sentence and the exit code that belongs to it. */
async function main(words: readonly string[]): Promise<void> {
  minders();
  // Reading the maps takes time, so positions lead to the sources only where somebody looks for a fault.
  if (process.env['SIM_DEBUG'] !== undefined) process.setSourceMapsEnabled(true);
  try {
    await program().parseAsync(isUnfinished(words) ? [...words, '--help'] : words, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (!(error instanceof CommanderError)) process.stderr.write(`sim: ${sentenceOf(error)}\n`);
  }
}

/** Whether nothing was asked for yet, so that help is the answer. */
function isUnfinished(words: readonly string[]): boolean {
  const [first] = words;
  return words.length === 0 || (words.length === 1 && (first === 'data' || first === 'config'));
}

/** A reader who has seen enough, as in `sim runs | head -1`, is no failure; any other trouble with an output is one. */
function minders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      process.exitCode = 1;
      if (stream === process.stdout) process.stderr.write(`sim: the output cannot be written: ${error.message}\n`);
    });
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

await main(process.argv.slice(2));
