export { changeMany } from "./changeMany";
export { RevealedValue } from "./RevealedValue";
export { RowMenu } from "./RowMenu";
export { SelectionBar } from "./SelectionBar";
export { PopMenu } from "./ui/PopMenu";
