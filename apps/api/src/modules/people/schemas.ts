export const peopleShapes: object[] = []
