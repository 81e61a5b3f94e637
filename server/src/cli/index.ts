export { helpOf, overview, toolUsage } from './help.ts';
export { isToolName, runTool } from './run-tool.ts';
export { UsageError, type Surroundings } from './tool.ts';
