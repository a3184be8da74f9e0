/** The schema for editors, read by a second reader: it takes what the program takes, and knows each strategy's parameters. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { agentsOf } from '../../cli/agents.ts';
import { effectiveConfig } from '../../cli/config-layers.ts';
import { schemaText } from '../../cli/config-schema.ts';
import { exampleText } from '../../cli/config-text.ts';
import { STRATEGIES } from '../../strategies/index.ts';
import { isValid } from '../support/json-schema.ts';

const schema = JSON.parse(schemaText()) as Readonly<Record<string, unknown>>;

async function isTaken(text: string): Promise<boolean> {
  try {
    agentsOf(await effectiveConfig({ file: { path: 'desk.yaml', settings: parse(text) as Record<string, unknown> } }));
    return true;
  } catch {
    return false;
  }
}

const RIGHT = [
  '{}',
  exampleText(),
  'strategy: rsi-strength\nparams: { timeframe: 3 }\nsegments: [SENSEX]',
  'agents: [{ strategy: rsi-strength, params: { timeframe: 3 } }, { strategy: atm-straddle, name: late, lots: 2 }]',
  'agents: [{ strategy: rsi-strength, risk: { lotsMax: 3 } }]\nrisk:\n  perSegment:\n  standing: { read: runs }',
  'costs: { flatPerLot: 40.35 }\nstrategy: swing-break\nparams: { slAboveHigh: 1.15 }',
];
const WRONG = [
  'params: { legStopPc: 30 }',
  'params: { timeframe: 3 }',
  'strategy: rsi-strength\nparams: { timeframe: 4 }',
  'strategy: rsi-strength\nsegments: [FINNIFTY]',
  'agents: [{ strategy: rsi-strength, params: { legStopPct: 30 } }]',
  'agents: [{ strategy: atm-straddle, segments: [BANKEX] }]',
  'agents: [{ strategy: atm-stradle }]',
  'agents: [{ strategy: atm-straddle, lots: 0 }]',
  'agents: [{ strategy: atm-straddle, name: "Late Desk" }]',
  'agents: [{ lots: 1 }]',
  'agents: []',
  'strategy: atm-straddle\nagents: [{ strategy: atm-straddle }]',
  'risk: { lossPerDayMax: 0 }',
  'risk: { perAgent: { structuresPerDayMax: 2 } }',
  'agents: [{ strategy: atm-straddle, risk: { lotsMax: 0 } }]',
  'acount: {}',
  'data: synthetic',
];

describe('the schema', () => {
  test.each(RIGHT)('takes what the program takes: %s', async (text) => {
    expect([isValid(schema, parse(text)), await isTaken(text)]).toEqual([true, true]);
  });

  test.each(WRONG)('refuses what the program refuses: %s', async (text) => {
    expect([isValid(schema, parse(text)), await isTaken(text)]).toEqual([false, false]);
  });

  test('leaves the parameters of own files to them', () => {
    expect(isValid(schema, parse('agents: [{ strategy: ./mine.ts, params: { anything: 5 } }]'))).toBe(true);
  });

  test.each([...STRATEGIES.keys()])('says what each parameter of %s is', (strategy) => {
    const { allOf } = schema as {
      readonly allOf: readonly {
        readonly if?: { readonly properties: { readonly strategy: { readonly const: string } } };
        readonly then?: {
          readonly properties: { readonly params: { readonly properties: Record<string, { description?: string }> } };
        };
      }[];
    };
    const own = allOf.find((each) => each.if?.properties.strategy.const === strategy)?.then?.properties.params;
    expect(Object.keys(own?.properties ?? {}).length).toBeGreaterThan(3);
    for (const [name, rules] of Object.entries(own?.properties ?? {})) expect(rules.description, name).toMatch(/\w/);
  });
});
