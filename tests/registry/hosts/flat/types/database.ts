/** One row of `notes`. */
export interface Note {
  id: number;
  text: string;
}
