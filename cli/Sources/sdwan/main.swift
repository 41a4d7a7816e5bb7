import OperatorTool

OperatorTool.run()
