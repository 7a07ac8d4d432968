// node pipeline.mjs 50 10

import { dump } from 'js-yaml';
import { workflowTemplate } from './workflow-template.mjs';

const [environments, stacks] = process.argv.slice(2).map(Number);
process.stdout.write(dump(workflowTemplate(environments, stacks), { noRefs: true }));
