import { readSpreads } from '../adapters/reference-files.ts';
import type { SpreadReference } from '../datasets/reference-spreads.ts';
import type { KernelSettings } from '../engine/kernel-parts.ts';
import { DEFAULT_KERNEL } from '../engine/kernel-parts.ts';
import type { EvidenceGrade } from '../engine/model/order.ts';
import { paiseOfRupees } from '../engine/model/units.ts';
import { DEFAULT_EXECUTION } from '../engine/orders/execution-policy.ts';
import type { RmsSettings } from '../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../engine/risk/rms-settings.ts';
import type { FillModelSettings } from '../engine/venue/fill-model.ts';
import type { LatencyModel } from '../engine/venue/latency-model.ts';
import type { Config } from './config.ts';

/** Settings as the engine takes them: rupees become paise here. */
export function engineParts(config: Config): {
  readonly settings: KernelSettings;
  readonly risk: RmsSettings;
  readonly fills: FillModelSettings;
  readonly latency: LatencyModel;
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
        chaseEveryMs: execution.chaseEveryMs,
        chaseAlarmAfter: execution.chaseAlarmAfter,
      },
    },
    risk: {
      ...defaultRmsSettings,
      ...risk,
      lossPerDayMax: inPaise(risk.lossPerDayMax),
      perSegment: { lossPerDayMax: inPaise(risk.lossPerDaySegmentMax) },
      profitPerDayTarget: inPaise(risk.profitPerDayTarget),
      profitLockFrom: inPaise(risk.profitLockFrom),
      structuresPerDayMax: risk.structuresPerDayMax,
      structuresOpenMax: risk.structuresOpenMax,
      structuresOpenAccountMax: risk.structuresOpenAccountMax,
      lotsPerOrderMax: risk.lotsPerOrderMax,
      lotsPerStructureMax: risk.lotsPerStructureMax,
      entryFrom: risk.entryFrom,
      entryTo: risk.entryTo,
      squareOffAt: risk.squareOffAt,
      capital: paiseOfRupees(config.account.capital),
      marginUseMax: risk.marginUseMax === undefined ? undefined : risk.marginUseMax / 100,
    },
    fills: {
      slippageTicks: costs.slippageTicks,
      halfSpreadBps: Math.round(costs.halfSpreadPct * 100),
      participationPct: costs.participationPct,
    },
    latency: costs.latency,
    evidence: config.data.chain === 'modelled' ? 'modelled' : undefined,
    spreads: costs.spreads === 'measured' ? readSpreads() : undefined,
  };
}

function inPaise(rupees: number | undefined): number | undefined {
  return rupees === undefined ? undefined : Math.round(rupees * 100);
}
