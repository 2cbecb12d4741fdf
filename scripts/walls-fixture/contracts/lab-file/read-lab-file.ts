export const readLabFile = () => ({})
