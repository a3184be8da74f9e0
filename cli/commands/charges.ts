import type { Command } from 'commander';

/** Adds `sim charges`: what one order of index options costs at Zerodha on a day, levy by levy. */
export function registerCharges(program: Command): void {
  program
    .command('charges')
    .description('what one index-option order costs at Zerodha on a day, levy by levy')
    .requiredOption('--date <YYYY-MM-DD>', 'trading day')
    .requiredOption('--exchange <NFO|BFO>', 'NFO for NSE, BFO for BSE')
    .requiredOption('--side <BUY|SELL>', 'side of the order')
    .requiredOption('--price <rupees>', 'price of one unit, at most two decimals')
    .requiredOption('--quantity <units>', 'units, not lots')
    .option('--json', 'print one JSON object')
    .action(async (flags: Record<string, unknown>) => {
      const { pricedOrder, priceText } = await import('../order-price.ts');
      const answer = pricedOrder(flags);
      process.stdout.write(flags['json'] === true ? `${JSON.stringify(answer)}\n` : priceText(answer));
    });
}
