# POST /ingest and POST /predict, for anybody who knows the address and for pages of any origin.

locals {
  routes = { ingest = "producer", predict = "consumer" }
  cors = {
    "Access-Control-Allow-Origin"  = "'*'"
    "Access-Control-Allow-Methods" = "'POST,OPTIONS'"
    "Access-Control-Allow-Headers" = "'Content-Type,Authorization,X-Amz-Date,X-Api-Key,X-Amz-Security-Token'"
  }
}

resource "aws_api_gateway_rest_api" "files" {
  name        = var.name
  description = "Shared files: ingest and predict"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "route" {
  for_each = local.routes

  rest_api_id = aws_api_gateway_rest_api.files.id
  parent_id   = aws_api_gateway_rest_api.files.root_resource_id
  path_part   = each.key
}

resource "aws_api_gateway_method" "post" {
  for_each = local.routes

  rest_api_id   = aws_api_gateway_rest_api.files.id
  resource_id   = aws_api_gateway_resource.route[each.key].id
  http_method   = "POST"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "post" {
  for_each = local.routes

  rest_api_id             = aws_api_gateway_rest_api.files.id
  resource_id             = aws_api_gateway_resource.route[each.key].id
  http_method             = aws_api_gateway_method.post[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.function[each.value].invoke_arn
}

# What a browser asks before it sends JSON to another origin.
resource "aws_api_gateway_method" "options" {
  for_each = local.routes

  rest_api_id   = aws_api_gateway_rest_api.files.id
  resource_id   = aws_api_gateway_resource.route[each.key].id
  http_method   = "OPTIONS"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "options" {
  for_each = local.routes

  rest_api_id       = aws_api_gateway_rest_api.files.id
  resource_id       = aws_api_gateway_resource.route[each.key].id
  http_method       = aws_api_gateway_method.options[each.key].http_method
  type              = "MOCK"
  request_templates = { "application/json" = jsonencode({ statusCode = 200 }) }
}

resource "aws_api_gateway_method_response" "options" {
  for_each = local.routes

  rest_api_id         = aws_api_gateway_rest_api.files.id
  resource_id         = aws_api_gateway_resource.route[each.key].id
  http_method         = aws_api_gateway_method.options[each.key].http_method
  status_code         = "200"
  response_parameters = { for name in keys(local.cors) : "method.response.header.${name}" => true }
}

resource "aws_api_gateway_integration_response" "options" {
  for_each = local.routes

  rest_api_id         = aws_api_gateway_rest_api.files.id
  resource_id         = aws_api_gateway_resource.route[each.key].id
  http_method         = aws_api_gateway_method.options[each.key].http_method
  status_code         = aws_api_gateway_method_response.options[each.key].status_code
  response_parameters = { for name, value in local.cors : "method.response.header.${name}" => value }

  depends_on = [aws_api_gateway_integration.options]
}

# What API Gateway says itself (504 after 29 s among it) is for pages of other origins too.
resource "aws_api_gateway_gateway_response" "error" {
  for_each = toset(["DEFAULT_4XX", "DEFAULT_5XX"])

  rest_api_id         = aws_api_gateway_rest_api.files.id
  response_type       = each.key
  response_parameters = { "gatewayresponse.header.Access-Control-Allow-Origin" = local.cors["Access-Control-Allow-Origin"] }
}

resource "aws_api_gateway_deployment" "files" {
  rest_api_id = aws_api_gateway_rest_api.files.id

  # A deployment is a picture of the API at its time.
  triggers = {
    api = sha1(jsonencode([
      aws_api_gateway_resource.route, aws_api_gateway_method.post, aws_api_gateway_integration.post,
      aws_api_gateway_method.options, aws_api_gateway_integration.options, aws_api_gateway_method_response.options,
      aws_api_gateway_integration_response.options, aws_api_gateway_gateway_response.error,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.files.id
  deployment_id = aws_api_gateway_deployment.files.id
  stage_name    = "prod"
}
