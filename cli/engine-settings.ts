import { readSpreads } from '../adapters/reference-files.ts';
import type { SpreadReference } from '../datasets/reference-spreads.ts';
import type { KernelSettings } from '../engine/kernel-parts.ts';
import { DEFAULT_KERNEL } from '../engine/kernel-parts.ts';
import type { EvidenceGrade } from '../engine/model/order.ts';
import type { Paise } from '../engine/model/units.ts';
import { paiseOfRupees } from '../engine/model/units.ts';
import { DEFAULT_EXECUTION } from '../engine/orders/execution-policy.ts';
import type { RmsSettings } from '../engine/risk/rms-settings.ts';
import type { FillModelSettings } from '../engine/venue/fill-model.ts';
import type { LatencyModel } from '../engine/venue/latency-model.ts';
import type { Config } from './config.ts';
import { rmsSettings } from './risk-settings.ts';

/** Settings as the engine takes them: rupees become paise here. */
export function engineParts(config: Config): {
  readonly settings: KernelSettings;
  readonly risk: RmsSettings;
  readonly fills: FillModelSettings;
  readonly latency: LatencyModel;
  readonly flatPerLot: Paise | undefined;
  readonly spreads: SpreadReference | undefined;
  /** What fills say of their prices where the run knows more than the volume does. */
  readonly evidence: EvidenceGrade | undefined;
} {
  const { costs, execution, risk } = config;
  return {
    settings: {
      ...DEFAULT_KERNEL,
      closeGraceMs: config.closeGraceMs,
      squareOffAt: risk.squareOffAt,
      execution: {
        ...DEFAULT_EXECUTION,
        protectionPct: execution.protectionPct,
        stopRoomPct: execution.stopRoomPct,
        stopRoomMin: Math.round(execution.stopRoomMin * 100),
        disasterStop: {
          on: execution.disasterStop,
          guardMultiple: execution.disasterStopGuardMultiple,
          pctMin: execution.disasterStopPctMin,
        },
        trailStep: Math.round(execution.trailStep * 100),
        trailEveryMs: execution.trailEveryMs,
        trailModificationsMax: execution.trailModificationsMax,
        protectEveryMs: execution.protectEveryMs,
        protectAttemptsMax: execution.protectAttemptsMax,
        unprotectedLegsMax: execution.unprotectedLegsMax,
        chaseEveryMs: execution.chaseEveryMs,
        chaseAlarmAfter: execution.chaseAlarmAfter,
        entry: patienceOf(execution.entry),
        exit: patienceOf(execution.exit),
        exitWaitMs: execution.exitWaitMs,
        sliceEveryMs: execution.sliceEveryMs,
        basketWait: execution.basketWait,
        basketWaitMs: execution.basketWaitMs,
        entryRetries: execution.entryRetries,
        entryRetryMs: execution.entryRetryMs,
        ordersPerDayMax: execution.ordersPerDayMax,
        ordersPerDayReserve: execution.ordersPerDayReserve,
        churn: execution.churn,
      },
    },
    risk: rmsSettings(config),
    fills: {
      slippageTicks: costs.slippageTicks,
      halfSpreadBps: Math.round(costs.halfSpreadPct * 100),
      participationPct: costs.participationPct,
    },
    latency: costs.latency,
    flatPerLot: costs.flatPerLot === undefined ? undefined : paiseOfRupees(costs.flatPerLot),
    evidence: config.data.chain === 'modelled' ? 'modelled' : undefined,
    spreads: costs.spreads === 'measured' ? readSpreads() : undefined,
  };
}

type Patient = { readonly kind: 'limit-then-market'; readonly bufferPct: number; readonly waitMs: number };

/** A policy as the engine takes it: what only another policy reads is left out. */
function patienceOf<At extends 'market' | 'chase'>({
  policy,
  bufferPct,
  waitMs,
}: {
  readonly policy: At | 'limit-then-market';
  readonly bufferPct: number;
  readonly waitMs: number;
}): { readonly kind: At } | Patient {
  return policy === 'limit-then-market' ? { kind: policy, bufferPct, waitMs } : { kind: policy };
}
