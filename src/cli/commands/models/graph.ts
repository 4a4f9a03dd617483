import { Command } from 'commander';
import { displayOf, newCommand, promptly, repeated, type Context } from '../../command.ts';
import { whole } from '../../screen/numbers.ts';

/** brine graph: ONNX graphs as files. */
export function graphCommand(context: Context): Command {
  return new Command('graph')
    .description('ONNX graphs: export a training graph, print a graph, differentiate one')
    .addCommand(exportCommand(context))
    .addCommand(printCommand(context))
    .addCommand(gradCommand(context));
}

function exportCommand(context: Context): Command {
  const command = newCommand({
    usage: 'export <model>',
    summary: 'write the training graph (forward and backward) of a model; weights are inputs',
    example: 'brine graph export models/llm-2.8b --out runs/graphs --check',
  })
    .requiredOption('--out <folder>', 'folder for the .onnx file')
    .option('--rows <n>', 'rows of a batch', whole, 1)
    .option('--row <n>', 'tokens per row', whole, 256)
    .option('--targets <n>', 'target ids per position', whole, 1)
    .option('--check', 'load the graph in ONNX Runtime');
  return command.action(
    promptly(context, async (model: string) => {
      const options = command.opts<{
        out: string;
        rows: number;
        row: number;
        targets: number;
        check?: true;
      }>();
      const display = displayOf(command, context);
      const { exportGraph } = await import('../../../tasks/export-graph.ts');
      const report = await exportGraph({ ...options, model, check: options.check === true });
      display.result(
        report,
        `${report.path}: ${report.nodes} nodes, ${report.bytes} bytes, ${report.parameters} parameters, ${report.seconds.toFixed(1)} s${report.loaded ? ', loads in ONNX Runtime' : ''}`,
      );
    }),
  );
}

function printCommand(context: Context): Command {
  const command = newCommand({
    usage: 'print <file>',
    summary: 'print an ONNX graph as text',
    example: 'brine graph print runs/graphs/llm-2.8b.onnx | less',
  });
  return command.action(
    promptly(context, async (file: string) => {
      const display = displayOf(command, context);
      const { printGraph } = await import('../../../tasks/graph-files.ts');
      const report = await printGraph(file);
      display.result(report, report.text);
    }),
  );
}

function gradCommand(context: Context): Command {
  const command = newCommand({
    usage: 'grad <file>',
    summary: 'add the gradients of one output to an ONNX graph',
    example: 'brine graph grad model.onnx --of loss --by weight --by bias --out model.grad.onnx',
  })
    .requiredOption('--of <output>', 'the scalar output to differentiate')
    .option(
      '--by <input>',
      'input to differentiate with respect to (repeatable; default: all floating-point inputs)',
      repeated,
      [],
    )
    .requiredOption('--out <file>', 'file for the new graph');
  return command.action(
    promptly(context, async (file: string) => {
      const options = command.opts<{ of: string; by: string[]; out: string }>();
      const display = displayOf(command, context);
      const { gradGraph } = await import('../../../tasks/graph-files.ts');
      const report = await gradGraph({ ...options, file });
      display.result(report, `${report.path}: ${report.gradients.join(', ')}`);
    }),
  );
}
