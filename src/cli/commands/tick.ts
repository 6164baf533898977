import { Command } from 'commander';
import { SHAPE_FLEET } from '../../contracts/shape-fleet';
import type { ShapeFleetInput, ShapeFleetResult } from '../../contracts/shape-fleet';
import { withClient } from '../environment';
import { wholeNumber } from '../parse-options';

/** `foreshift tick` */
export function tickCommand(): Command {
  return new Command('tick')
    .description('One control tick: forecasts the fleet and says what it would move and why; moves only with --act')
    .option('--fleet <name>', 'value of the tag foreshift:fleet; default: all that have it')
    .option('--act', 'start the moves')
    .option('--max-moves <n>', 'at most this many', wholeNumber(1), 1)
    .option('--stack <name>', 'the local cloud to use', 'default')
    .option('--json', 'as JSON')
    .action(async (options: { fleet?: string; act?: boolean; maxMoves: number; stack: string; json?: boolean }) => {
      const input: ShapeFleetInput = { ...(options.fleet ? { fleet: options.fleet } : {}), mode: options.act ? 'act' : 'observe', maxMoves: options.maxMoves };
      await withClient(options.stack, async (client, config) => {
        const result = (await client.workflow.execute(SHAPE_FLEET, { taskQueue: config.taskQueue, workflowId: `fleet/${options.fleet ?? 'all'}/tick`, args: [input] })) as ShapeFleetResult;
        if (options.json === true) return console.log(JSON.stringify(result, null, 2));
        for (const choice of result.choices) console.log(`${choice.move ? 'move' : 'stay'}  ${choice.name} (${choice.instanceId}): ${choice.reasons.join('; ')}`);
        for (const workflowId of result.started) console.log(`started ${workflowId}`);
      });
    });
}
