-- What wrk sends: one request again and again, described by the environment.
--
-- REQUEST_FIELDS  one field a line, "Name: value"
-- REQUEST_BODY    the body
-- REQUEST_TOKENS  a file with one token a line; given, each request takes the next one

wrk.method = "POST"
wrk.path = "/mcp"
wrk.body = os.getenv("REQUEST_BODY")
for name, value in os.getenv("REQUEST_FIELDS"):gmatch("([^\n:]+): ([^\n]*)") do
    wrk.headers[name] = value
end

local tokens = os.getenv("REQUEST_TOKENS")
if tokens then
    local requests = {}
    local nextIndex = 1

    -- Formatting is done before the clock starts; without tokens wrk formats once by itself.
    function init()
        for token in io.lines(tokens) do
            wrk.headers["Authorization"] = "Bearer " .. token
            requests[#requests + 1] = wrk.format()
        end
    end

    function request()
        local octets = requests[nextIndex]
        nextIndex = nextIndex % #requests + 1
        return octets
    end
end
