import type { DayRequest } from '../../adapters/candle-archive.ts';
import type { CandleSource } from '../../adapters/candle-source.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { Day } from '../../engine/model/time.ts';

/** A source that keeps the days it gave, so that they can be played many times, each as it is or with another future. */
export class CandleShelf implements CandleSource {
  readonly #source: CandleSource;
  readonly #days = new Map<string, DayCandles>();
  /** What a day is shown as instead; absent days are shown as they are. */
  readonly instead = new Map<Day, (candles: DayCandles) => DayCandles>();

  constructor(source: CandleSource) {
    this.#source = source;
  }

  get kind(): CandleSource['kind'] {
    return this.#source.kind;
  }

  coverage(asked: Parameters<CandleSource['coverage']>[0]): ReturnType<CandleSource['coverage']> {
    return this.#source.coverage(asked);
  }

  finestInterval(asked: Parameters<CandleSource['finestInterval']>[0]): number | undefined {
    return this.#source.finestInterval(asked);
  }

  missingDays(asked: Parameters<CandleSource['missingDays']>[0]): Day[] {
    return this.#source.missingDays(asked);
  }

  async prepare(asked: Parameters<CandleSource['prepare']>[0]): Promise<void> {
    await this.#source.prepare(asked);
  }

  contents(of: Parameters<CandleSource['contents']>[0]): ReturnType<CandleSource['contents']> {
    return this.#source.contents(of);
  }

  loadDay(request: DayRequest): DayCandles {
    return this.readDay(request);
  }

  readDay(request: DayRequest): DayCandles {
    const key = JSON.stringify(request);
    const candles = this.#days.get(key) ?? this.#source.readDay(request);
    this.#days.set(key, candles);
    return this.instead.get(request.day)?.(candles) ?? candles;
  }

  dataHash(of: Parameters<CandleSource['dataHash']>[0]): string {
    return this.#source.dataHash(of);
  }

  async dailyValues(of: Parameters<CandleSource['dailyValues']>[0]): ReturnType<CandleSource['dailyValues']> {
    return await this.#source.dailyValues(of);
  }

  close(): void {
    this.#source.close();
  }
}
