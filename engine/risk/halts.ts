import { unreachable } from '../assert.ts';
import type { OperatorCommanded } from '../model/event.ts';
import type { Underlying } from '../model/instrument.ts';
import type { AgentId } from '../model/order.ts';
import type { RiskAct } from './risk-view.ts';

/** What the whole account is called as a scope. */
export const ALL = 'all';
export const NO_ACTS: readonly RiskAct[] = [];

/** Why a scope may not enter: an operator's word, a limit of the day, or what past runs came to. */
export interface Halt {
  /** An agent, a segment, or `all`. */
  readonly scope: string;
  readonly by: 'operator' | 'rms' | 'standing';
  readonly rule: string;
  readonly limit: number | undefined;
  readonly value: number | undefined;
  readonly reason: string;
}

/** What an operator's command leads to; `refusal` says why something stays as it was. */
export interface CommandAnswer {
  readonly acts: readonly RiskAct[];
  readonly refusal: string | undefined;
}

/** A halt of the day's limits lapses with the day; the others stay until an operator resumes. */
export class Halts {
  readonly #segmentOfAgent = new Map<string, Underlying>();
  #halts: Halt[] = [];

  /** Says which agents there are; until then any scope is taken. */
  know(agent: AgentId, segment: Underlying): void {
    this.#segmentOfAgent.set(agent, segment);
  }

  /** Begins a day: what past runs came to holds anew and is said each morning, the limits of the day before lapse. */
  openDay(): readonly RiskAct[] {
    const lapsed = this.#halts.filter(({ by }) => by === 'rms');
    this.#halts = this.#halts.filter(({ by }) => by !== 'rms');
    const standing = this.#halts.filter(({ by }) => by === 'standing');
    if (lapsed.length === 0 && standing.length === 0) return NO_ACTS;
    const released = lapsed.map((halt) => releaseOf(halt, 'a new day begins'));
    return [...released, ...standing.map((halt) => actOf('halt', halt))];
  }

  /** What past runs came to stays, limits of a warm-up's days are nobody's business. */
  beginRun(): void {
    this.#halts = this.#halts.filter(({ by }) => by !== 'rms');
  }

  add(halt: Halt): readonly RiskAct[] {
    this.#halts.push(halt);
    return [actOf('halt', halt)];
  }

  /** Why an agent may not enter now; undefined where no halt covers it. */
  of(agent: AgentId): Halt | undefined {
    for (const halt of this.#halts) if (this.#covers(halt.scope, agent)) return halt;
    return undefined;
  }

  /** Obeys a human's word for an agent, a segment or `all`. A halt of the day's limits is not lifted by it. */
  command(command: OperatorCommanded['command'], scope: string): CommandAnswer {
    const refusal = this.#refusalOf(scope);
    if (refusal !== undefined) return { acts: NO_ACTS, refusal };
    switch (command) {
      case 'halt':
        return { acts: this.#haltByOperator(scope), refusal: undefined };
      case 'flatten':
        return { acts: [actOf('flatten', operatorHalt(scope))], refusal: undefined };
      case 'exit-positions':
        return { acts: [...this.#haltByOperator(ALL), actOf('flatten', operatorHalt(ALL))], refusal: undefined };
      case 'resume':
        return this.#resume(scope);
      default:
        return unreachable(command);
    }
  }

  #haltByOperator(scope: string): readonly RiskAct[] {
    if (this.#halts.some((halt) => halt.by === 'operator' && halt.scope === scope)) return NO_ACTS;
    return this.add(operatorHalt(scope));
  }

  #resume(scope: string): CommandAnswer {
    const touching = this.#halts.filter((halt) => this.#covers(scope, halt.scope) || this.#covers(halt.scope, scope));
    const lifted = touching.filter((halt) => halt.by !== 'rms' && this.#covers(scope, halt.scope));
    const kept = touching.filter((halt) => !lifted.includes(halt));
    this.#halts = this.#halts.filter((halt) => !lifted.includes(halt));
    const acts = lifted.map((halt) => releaseOf(halt, 'resumed by the operator'));
    if (touching.length === 0) return { acts, refusal: `${scope} is not halted` };
    return { acts, refusal: kept.length === 0 ? undefined : kept.map(keptText).join('; ') };
  }

  #refusalOf(scope: string): string | undefined {
    const agents = this.#segmentOfAgent;
    if (scope === ALL || agents.size === 0 || agents.has(scope)) return undefined;
    const segments = [...new Set<string>(agents.values())];
    if (segments.includes(scope)) return undefined;
    return `a scope is all, one of ${segments.join(', ')} or one of ${[...agents.keys()].join(', ')}, was "${scope}"`;
  }

  #covers(outer: string, inner: string): boolean {
    return outer === ALL || outer === inner || outer === this.#segmentOfAgent.get(inner);
  }
}

/** Says who is halted and why. */
export function haltText({ scope, by, reason }: Halt): string {
  return `${scope} is halted ${by === 'rms' ? 'for the day' : 'until it is resumed'}: ${reason}`;
}

export function actOf(act: RiskAct['act'], { rule, scope, limit, value, reason }: Halt): RiskAct {
  return { rule, scope, act, limit, value, reason };
}

function operatorHalt(scope: string): Halt {
  return { scope, by: 'operator', rule: 'operator', limit: undefined, value: undefined, reason: 'by the operator' };
}

function keptText(halt: Halt): string {
  if (halt.by === 'rms') return `${haltText(halt)}; a limit of the day is lifted by the next day alone`;
  if (halt.by === 'standing')
    return `${halt.scope} is halted by what past runs came to and has to be resumed as a whole`;
  return `${halt.scope} is halted by the operator and has to be resumed as a whole`;
}

function releaseOf(halt: Halt, reason: string): RiskAct {
  return actOf('release', { ...halt, reason });
}
