/** Public API of the model room. */
export { configDocument, parseModelConfig, readModelConfig, type ModelConfig } from './config.ts';
export {
  checkModelFolder,
  modelFileNames,
  modelIdentity,
  modelKind,
  readModelFolder,
  readWeights,
  writeModelFiles,
  writeModelFolder,
  type Model,
} from './folder.ts';
export { foreignWeights, hasWeights } from './weight-files.ts';
export { findOnnx, readOnnxFolder, type OnnxFolder } from './onnx-folder.ts';
export {
  EMBEDDING,
  initialParameters,
  layerNames,
  parameterSpecs,
  type ParameterSpec,
} from './parameters.ts';
export {
  logits,
  parameterInputs,
  transformer,
  type TransformerInputs,
  type TransformerOutputs,
} from './transformer.ts';
export { modelNotFinite, readFiniteWeights, requireFiniteParameters } from './finite.ts';
