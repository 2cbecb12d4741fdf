/** Stands in a table for the rows above or below what is drawn. */
export const SpacerRow = ({ height }: { height: number }) =>
  height > 0 ? (
    <tr>
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  ) : null
