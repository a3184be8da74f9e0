import { createHash } from 'node:crypto';
import type { AgentPlan } from '../engine/kernel-parts.ts';
import { sortedJson } from '../reports/passport.ts';

/** What a strategy is known by over its runs: name, version, parameters, and the code where it is the person's own. */
export function strategyHash({ definition, params }: AgentPlan, code: string | undefined): string {
  const plain: unknown = JSON.parse(JSON.stringify(params));
  const { name, version } = definition;
  return createHash('sha256')
    .update(sortedJson({ name, version, params: plain, ...(code && { code }) }))
    .digest('hex');
}
