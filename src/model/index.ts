/** Public API of the model room. */
export { configDocument, parseModelConfig, readModelConfig, type ModelConfig } from './config.ts';
export {
  checkModelFolder,
  modelFileNames,
  modelIdentity,
  modelKind,
  readModelFolder,
  writeModelFiles,
  writeModelFolder,
  type Model,
} from './folder.ts';
export { foreignWeights, hasWeights } from './weight-files.ts';
export { findOnnx, readOnnxFolder, type OnnxFolder } from './onnx-folder.ts';
export { EMBEDDING, initialParameters, layerNames, parameterSpecs } from './parameters.ts';
export { logits, parameterInputs, transformer } from './transformer.ts';
export { modelNotFinite, readFiniteWeights, requireFiniteParameters } from './finite.ts';
